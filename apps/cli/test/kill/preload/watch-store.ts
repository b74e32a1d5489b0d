import { DatabaseSync } from "node:sqlite";
import type { Pass } from "./create-points.ts";

/** Every transaction that the store's file takes, before it is durable and after. */
export const watchStore = (pass: Pass): void => {
  const { prepare, exec } = DatabaseSync.prototype;
  let commits = 0;
  const around = <T>(commit: () => T): T => {
    commits += 1;
    pass(`before commit ${commits}`);
    const result = commit();
    pass(`after commit ${commits}`);
    return result;
  };
  DatabaseSync.prototype.prepare = function (sql, ...options) {
    const statement = prepare.call(this, sql, ...options);
    if (sql !== "COMMIT") return statement;
    const run = statement.run.bind(statement);
    statement.run = () => around(() => run());
    return statement;
  };
  DatabaseSync.prototype.exec = function (sql) {
    return sql === "COMMIT" ? around(() => exec.call(this, sql)) : exec.call(this, sql);
  };
};
