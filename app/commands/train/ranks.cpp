#include "app/commands/train/ranks.h"

#include <stdexcept>

#include "app/system/device.h"
#include "app/system/exit_code.h"
#include "app/system/signals.h"
#include "app/training/distributed/joined_world.h"
#include "app/training/distributed/launcher.h"
#include "models/text/json_text.h"

namespace digitorch {
namespace {

/// What the other ranks need of rank 0's plan, and the checkpoint behind it.
std::string encode(const Plan& plan) {
  const nlohmann::json head = {
      {"config", config_json(plan.settings, plan.preset, plan.data_digest)},
      {"origin", json_of_text(plan.origin)},
      {"start", json_of_text(plan.start)},
      {"complete", plan.is_complete},
      {"from", json_of_text(plan.from ? plan.from->file : "")}};
  const std::string text = dump_lenient(head);
  return text + '\n' + (plan.from ? encode(plan.from->checkpoint) : "");
}

Plan decode_plan(const std::string& bytes) {
  const size_t end = bytes.find('\n');
  const nlohmann::json head = parse_strict(bytes.substr(0, end), "rank 0");
  const nlohmann::json& config = head.at("config");
  const std::string file = text_in_json(head.at("from"));
  Plan plan{
      .preset = config.at("preset"),
      .data_digest = config.at("data_sha256"),
      .origin = text_in_json(head.at("origin")),
      .start = text_in_json(head.at("start")),
      .is_complete = head.at("complete")};
  plan.settings = resolve_continued(
      {.configuration = options_of_config({config, "rank 0"})},
      file.empty() ? plan.start : file
  );
  if (!file.empty())
    plan.from = {decode_checkpoint(bytes.substr(end + 1), file), file};
  return plan;
}

/// The folder that the ranks worked in before they were started again.
std::optional<std::filesystem::path> folder_before_restart(
    World& world, int restarts, const CallOptions& call
) {
  if (restarts == 0 || !call.resume.empty()) return std::nullopt;
  if (!call.run_dir.empty()) return call.run_dir;
  return world.kept();
}

}  // namespace

std::optional<RankEnvironment> place_of(const CallOptions& call) {
  const auto place = rank_environment();
  if (place && call.processes > 1 && call.processes != place->size)
    throw std::runtime_error(
        "--processes: found " + std::to_string(call.processes) +
        " with WORLD_SIZE " + std::to_string(place->size) +
        " in the environment; expected one of them, as torchrun starts the "
        "processes itself"
    );
  return place;
}

int start_ranks(const CallOptions& call) {
  watch_for_interrupts();  // they are passed on to the ranks
  const CopiesResult result = run_ranks(static_cast<int>(call.processes));
  if (!result.line.empty()) throw EnvironmentError(result.line);
  return result.exit_code;
}

int run_as_rank(
    const RankEnvironment& place,
    const CallOptions& call,
    const std::function<int(World&)>& work
) {
  if (place.size == 1) return work(lone_world());
  // Its threads may wait for a rank that hangs, so it is never taken apart.
  auto& world =
      *new JoinedWorld(place, std::chrono::seconds(call.rank_timeout));
  Ending ending{};
  try {
    const int code = work(world);
    world.store().leave();
    return code;
  } catch (const LostRank& lost) {
    ending = world.store().end_for_lost(lost.what());
  } catch (...) {
    std::string line;
    const int code = exit_code_for_current_exception(line);
    ending = world.store().end_for(code, line);
    if (!ending.line.empty()) throw;
  }
  if (!ending.line.empty()) throw EnvironmentError(ending.line);
  return ending.exit_code;
}

Plan shared_plan(
    World& world,
    int restarts,
    const CallOptions& call,
    const std::vector<GivenOption>& typed
) {
  if (!world.is_first()) return decode_plan(bytes_of_first(world, ""));
  const auto before = folder_before_restart(world, restarts, call);
  Plan plan = before ? plan_restarted_run(*before, call, typed)
                     : make_plan(call, typed);
  plan.is_complete = complete_result(plan).has_value();
  if (world.size() > 1) bytes_of_first(world, encode(plan));
  return plan;
}

torch::Device rank_device(
    const ComputeOptions& options,
    const std::optional<RankEnvironment>& place,
    std::vector<std::string>& notes
) {
  const torch::Device device = choose_device(options.device, notes);
  if (!place || place->size == 1 || device.is_cpu()) return device;
  return choose_device("cuda:" + std::to_string(place->local_rank), notes);
}

}  // namespace digitorch
