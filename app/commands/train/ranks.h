// Training in several processes: how they start, share one plan and end.
#pragma once

#include <functional>

#include "app/commands/train/plan.h"
#include "app/training/distributed/rank_environment.h"
#include "app/training/distributed/world.h"

namespace digitorch {

/// The place of this process among the ranks of a run; nothing where it is
/// alone. Throws std::runtime_error where the environment and --processes
/// contradict each other.
std::optional<RankEnvironment> place_of(const CallOptions&);

/// Starts --processes ranks and returns their exit code.
int start_ranks(const CallOptions&);

/// Joins the other ranks, does the work, and sees to it that all end together,
/// with one line where it fails. Returns the exit code, and throws what main()
/// is to print.
int run_as_rank(
    const RankEnvironment&,
    const CallOptions&,
    const std::function<int(World&)>& work
);

/// The plan of rank 0, which alone reads the run's folder and keeps it locked:
/// the plans of other ranks have no `opened`. restarts: see RankEnvironment.
Plan shared_plan(
    World&,
    int restarts,
    const CallOptions&,
    const std::vector<GivenOption>& typed
);

/// The device of this process. Of several ranks on one machine each has a GPU
/// of its own, that of its local rank. Appends to `notes` as choose_device()
/// does.
torch::Device rank_device(
    const ComputeOptions&,
    const std::optional<RankEnvironment>&,
    std::vector<std::string>& notes
);

}  // namespace digitorch
