// `digitorch version`.
#include <iostream>

#include "app/front/registry.h"
#include "app/system/exit_code.h"

namespace digitorch {

Command version_command() {
  return {
      .name = "version",
      .summary = "Show the version",
      .paths = "",
      .groups = {},
      .run = [](const Arguments&) {
        std::cout << "digitorch " DIGITORCH_VERSION "\n";
        return kExitDone;
      }};
}

}  // namespace digitorch
