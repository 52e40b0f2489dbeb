#include "app/training/distributed/rank_environment.h"

#include <array>
#include <charconv>
#include <cstdlib>
#include <stdexcept>

namespace digitorch {
namespace {

constexpr std::array kNeeded = {
    "RANK", "WORLD_SIZE", "LOCAL_RANK", "MASTER_ADDR", "MASTER_PORT"};

constexpr int kMaxRanks = 65536;
constexpr int kMaxPort = 65535;
constexpr int kMaxRestarts = 1'000'000;

struct Limits {
  int least;
  int most;
};

int whole_number(
    const std::string& name, const std::string& text, const Limits& limits
) {
  int number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() ||
      number < limits.least || number > limits.most)
    throw std::runtime_error(
        name + ": found '" + text + "' in the environment; expected a whole " +
        "number from " + std::to_string(limits.least) + " to " +
        std::to_string(limits.most)
    );
  return number;
}

}  // namespace

std::optional<std::string> variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value ? std::optional<std::string>(value) : std::nullopt;
}

std::optional<RankEnvironment> rank_environment(const Variables& variables) {
  std::string set;
  std::string missing;
  for (const char* name : kNeeded) {
    std::string& list = variables(name) ? set : missing;
    list += (list.empty() ? "" : ", ") + std::string(name);
  }
  if (set.empty()) return std::nullopt;
  if (!missing.empty())
    throw std::runtime_error(
        "the environment has " + set + " but not " + missing +
        "; expected all of them, as torchrun sets them, or none"
    );
  const auto number = [&](const char* name, const Limits& limits) {
    return whole_number(name, *variables(name), limits);
  };
  RankEnvironment found;
  found.size = number("WORLD_SIZE", {1, kMaxRanks});
  found.rank = number("RANK", {0, found.size - 1});
  found.local_rank = number("LOCAL_RANK", {0, found.size - 1});
  found.master_port =
      static_cast<uint16_t>(number("MASTER_PORT", {1, kMaxPort}));
  found.master_address = *variables("MASTER_ADDR");
  if (found.master_address.empty())
    throw std::runtime_error(
        "MASTER_ADDR: found an empty text in the environment; expected the "
        "name or address of the machine of rank 0"
    );
  found.launcher_has_store =
      variables("TORCHELASTIC_USE_AGENT_STORE") == "True";
  if (variables("TORCHELASTIC_RESTART_COUNT"))
    found.restarts = number("TORCHELASTIC_RESTART_COUNT", {0, kMaxRestarts});
  return found;
}

}  // namespace digitorch
