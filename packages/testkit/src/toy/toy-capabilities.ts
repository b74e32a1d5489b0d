import { byVm, defineCapabilities, holding, notApplicable, supported } from "@quiesce/core";

export const toyCapabilities = defineCapabilities({
  vm: {
    suspend: supported("0.1.0"),
    resume: supported("0.1.0"),
    freeze: supported("0.1.0"),
    thaw: supported("0.1.0"),
    "snapshot.create": supported("0.1.0"),
    "snapshot.restore": supported("0.1.0"),
    "snapshot.remove": supported("0.1.0"),
    "backup.create": holding("0.1.0"),
    "backup.restore": supported("0.1.0"),
    "backup.remove": supported("0.1.0"),
  },
  volume: {
    "snapshot.create": byVm("0.1.0"),
    "snapshot.restore": byVm("0.1.0"),
    "snapshot.remove": byVm("0.1.0"),
    "backup.create": byVm("0.1.0"),
    "backup.restore": byVm("0.1.0"),
    "backup.remove": byVm("0.1.0"),
  },
  network: {
    "snapshot.create": notApplicable("the toy cloud has no networks"),
    "snapshot.restore": notApplicable("the toy cloud has no networks"),
    "snapshot.remove": notApplicable("the toy cloud has no networks"),
    "backup.create": notApplicable("the toy cloud has no networks"),
    "backup.restore": notApplicable("the toy cloud has no networks"),
    "backup.remove": notApplicable("the toy cloud has no networks"),
  },
});
