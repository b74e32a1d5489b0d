import { failure } from "../failure/failure.ts";
import type { ErrorDomain } from "../failure/error-codes.ts";
import { attributeOf, textOf, type XmlElement } from "./element.ts";

const powers = ["K", "M", "G", "T", "P", "E"];

/**
 * An amount of bytes as libvirt writes it: `KiB` and `K` are 1024, `KB` is 1000, and so on.
 * @throws {Failure} for an unknown unit
 */
export const bytesOf = (amount: XmlElement, usualUnit: "bytes" | "KiB", domain: ErrorDomain): number => {
  const unit = attributeOf(amount, "unit") ?? usualUnit;
  const number = Number(textOf(amount) ?? 0);
  if (unit === "b" || unit === "bytes") return number;
  const power = powers.indexOf(unit.charAt(0).toUpperCase()) + 1;
  const suffix = unit.slice(1);
  if (power === 0 || !["", "iB", "B"].includes(suffix)) {
    throw failure("invalid-argument", domain, `unknown suffix '${unit}'`);
  }
  return number * (suffix === "B" ? 1000 : 1024) ** power;
};
