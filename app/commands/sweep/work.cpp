#include "app/commands/sweep/work.h"

#include <cstdlib>
#include <vector>

#include "app/commands/sweep/outcome.h"
#include "app/system/copies.h"

namespace digitorch {
namespace {

/// Tells copies of this program in which folder they work.
constexpr const char* kFolderOfCopies = "DIGITORCH_SWEEP_FOLDER";

}  // namespace

bool work_on(const SweepFolder& folder, const SweepWork& work) {
  const SweepPlan plan = folder.load().plan;
  const size_t all = points(plan).size();
  const std::vector<size_t> order = order_of_shard(all, work.shard);
  while (const auto taken = folder.take(order)) {
    const auto trained = train_point(
        plan, taken->number, work.parts.train, work.data_sha256, work.device
    );
    if (!trained) return false;
    const Sweep now =
        folder.add(trained->run, trained->model.get(), trained->identity);
    if (!work.quiet) tell_run(now, trained->run, all);
  }
  return true;
}

int work_in_processes(const SweepFolder& folder, int64_t processes) {
  AddedVariables variables = {{kFolderOfCopies, folder.path().string()}};
  share_threads(variables, at::get_num_threads(), processes);
  const std::vector<AddedVariables> copies(
      static_cast<size_t>(processes), variables
  );
  return run_copies(copies, {.end_together = false}).exit_code;
}

std::optional<std::filesystem::path> folder_of_copies() {
  const char* folder = std::getenv(kFolderOfCopies);
  if (folder == nullptr) return std::nullopt;
  return folder;
}

}  // namespace digitorch
