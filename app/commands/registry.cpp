#include "app/commands/registry.h"

namespace digitorch {

std::vector<Command> computing_commands() {
  return {
      train_command(),
      sweep_command(),
      eval_command(),
      report_command(),
      visualize_command(),
      backprop_command(),
      gradients_command(),
      classify_command(),
      export_command(),
      import_command(),
      serve_command(),
      samples_command(),
      bench_command(),
      doctor_command()};
}

}  // namespace digitorch
