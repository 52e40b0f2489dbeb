#include "app/training/distributed/rank_store.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include "app/system/exit_code.h"
#include "models/text/json_text.h"

namespace digitorch {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

/// How long a rank waits for the others to say that they are still there. It
/// leaves them time to notice the alarm.
constexpr milliseconds kRollCall{3000};
/// How long the rank that serves the store stays for the others at the end.
constexpr milliseconds kFarewell{6000};
constexpr milliseconds kPollStore{20};

// Keys of the store.
constexpr const char* kSize = "size";
constexpr const char* kAlarm = "alarm";      // somebody cannot go on
constexpr const char* kEnding = "ending";    // how it ends
constexpr const char* kTellers = "tellers";  // how many had that line
constexpr const char* kKept = "digitorch/kept";

std::string joined_key(int rank) { return "joined/" + std::to_string(rank); }
std::string present_key(int rank) { return "present/" + std::to_string(rank); }
std::string left_key(int rank) { return "left/" + std::to_string(rank); }

c10::intrusive_ptr<c10d::Store> open_store(
    const RankEnvironment& place, seconds patience
) {
  c10d::TCPStoreOptions options;
  options.port = place.master_port;
  options.isServer = place.rank == 0 && !place.launcher_has_store;
  options.numWorkers = static_cast<size_t>(place.size);
  options.waitWorkers = false;
  // The store tries to connect twice.
  options.timeout = milliseconds(patience) / 2;
  return c10::make_intrusive<c10d::TCPStore>(place.master_address, options);
}

/// "rank 1 of 4", "ranks 1, 2 of 4".
std::string ranks_text(const std::vector<int>& ranks, int size) {
  std::string text = ranks.size() == 1 ? "rank " : "ranks ";
  for (size_t i = 0; i < ranks.size(); ++i)
    text += (i > 0 ? ", " : "") + std::to_string(ranks[i]);
  return text + " of " + std::to_string(size);
}

}  // namespace

std::string address_of(const RankEnvironment& place) {
  return place.master_address + ":" + std::to_string(place.master_port);
}

RankStore::RankStore(const RankEnvironment& place, seconds patience)
    : place_(place),
      whole_store_(open_store(place, patience)),
      store_(c10::make_intrusive<c10d::PrefixStore>(
          "digitorch/" + std::to_string(place.restarts), whole_store_
      )) {
  agree_on_ranks();
  wait_for_all(patience);
}

/// A rank that is counted otherwise would wait for what never comes.
void RankStore::agree_on_ranks() {
  const std::string mine = std::to_string(place_.size);
  const std::string first = store_->compareSet(kSize, "", mine);
  if (first != mine)
    throw std::runtime_error(
        "WORLD_SIZE: found " + mine + "; expected " + first +
        ", as another rank has"
    );
  if (store_->add("count/" + std::to_string(place_.rank), 1) > 1)
    throw std::runtime_error(
        "RANK: found " + std::to_string(place_.rank) +
        " in two processes; expected a number of its own in each"
    );
  store_->set(joined_key(place_.rank), "1");
}

void RankStore::wait_for_all(seconds patience) {
  std::vector<std::string> all;
  for (int rank = 0; rank < place_.size; ++rank)
    all.push_back(joined_key(rank));
  try {
    store_->wait(all, patience);
  } catch (const c10::Error&) {
    const std::vector<int> late = without(joined_key);
    if (late.empty()) throw;
    throw EnvironmentError(
        ranks_text(late, place_.size) + " did not join at " +
        address_of(place_) + " within " + std::to_string(patience.count()) +
        " s"
    );
  }
}

/// The ranks that have not set their key.
std::vector<int> RankStore::without(std::string (*key)(int)) {
  std::vector<int> missing;
  for (int rank = 0; rank < place_.size; ++rank)
    if (!store_->check({key(rank)})) missing.push_back(rank);
  return missing;
}

bool RankStore::alarm() {
  try {
    return store_->check({kAlarm});
  } catch (const std::exception&) {
    return true;
  }
}

/// Says that this rank is there, and wakes the others.
void RankStore::raise_alarm() {
  store_->set(present_key(place_.rank), "1");
  store_->set(kAlarm, "1");
}

/// How the run ends, where a rank has said so.
std::optional<Ending> RankStore::ending() {
  if (!store_->check({kEnding})) return std::nullopt;
  const auto json =
      parse_strict(store_->get_to_str(kEnding), "the ranks' store");
  return Ending{json.at("code").get<int>(), json.at("line").get<std::string>()};
}

/// missing: how many ranks will not come to this.
void RankStore::say_farewell(size_t missing) {
  store_->set(left_key(place_.rank), "1");
  if (place_.rank != 0 || place_.launcher_has_store) return;
  const Clock::time_point latest = Clock::now() + kFarewell;
  while (without(left_key).size() > missing && Clock::now() < latest)
    std::this_thread::sleep_for(kPollStore);
}

Ending RankStore::end_for(int exit_code, const std::string& line) {
  try {
    store_->compareSet(
        kEnding, "", dump_lenient({{"code", exit_code}, {"line", line}})
    );
    const std::optional<Ending> first = ending();
    raise_alarm();
    const bool is_told =
        first && first->line == line && store_->add(kTellers, 1) > 1;
    say_farewell(0);
    return {exit_code, is_told ? "" : line};
  } catch (const std::exception&) {
    return {exit_code, line};  // there is nobody to tell
  }
}

Ending RankStore::end_for_lost(const std::string& what_happened) {
  try {
    raise_alarm();
    std::vector<int> missing;
    const Clock::time_point latest = Clock::now() + kRollCall;
    do {
      std::this_thread::sleep_for(kPollStore);
      missing = without(present_key);
    } while (!missing.empty() && Clock::now() < latest);
    const std::string line =
        missing.empty()
            ? "the ranks have lost each other: one of their connections " +
                  what_happened
            : ranks_text(missing, place_.size) + " " + what_happened;
    const std::string mine = dump_lenient(
        {{"code", kExitEnvironment}, {"line", line}, {"by", place_.rank}}
    );
    const bool is_mine = store_->compareSet(kEnding, "", mine) == mine;
    const std::optional<Ending> agreed = ending();
    say_farewell(missing.size());
    return {agreed->exit_code, is_mine ? line : ""};
  } catch (const std::exception&) {
    const std::string server = place_.launcher_has_store
                                   ? "the process that started the ranks"
                                   : ranks_text({0}, place_.size);
    return {kExitEnvironment, server + " " + what_happened};
  }
}

void RankStore::leave() {
  try {
    say_farewell(0);
  } catch (const std::exception&) {
    // Rank 0, which served the store, has left already.
  }
}

void RankStore::keep(const std::string& text) {
  whole_store_->set(kKept, text);
}

std::optional<std::string> RankStore::kept() {
  if (!whole_store_->check({kKept})) return std::nullopt;
  return whole_store_->get_to_str(kKept);
}

}  // namespace digitorch
