// What a sweep tries: all combinations of values of some options, or points
// drawn from them at random.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "app/commands/train/settings.h"

namespace digitorch {

/// One option that a sweep varies.
struct SweepAxis {
  std::string name;                 ///< A training or network option.
  std::vector<std::string> values;  ///< All values, or the ends of a range.
  bool is_range = false;
};

/// Reads an option and its values. Commas separate the values, "lr=0.1,0.01";
/// for an option that is a list itself '/' does, "hidden=128/256,128"; and
/// "lr=0.001..0.1" is a range. Throws std::runtime_error naming the text for
/// anything else.
SweepAxis parse_axis(const std::string& text);

struct SweepPlan {
  std::vector<SweepAxis> axes;
  int64_t random = 0;             ///< Points to draw; 0 tries the whole grid.
  std::vector<GivenOption> base;  ///< Options that all runs share.
  double test = 0.1;              ///< Fraction of the data to test the best on.
};

inline constexpr WholeRange kRandomPoints{0, 100'000};
inline constexpr RealRange kTestPart{0.001, 0.9};

/// The values of the axes in one run, in their order.
using SweepPoint = std::vector<std::string>;

/// All points to try, in order. Random points follow from the seed. From a grid
/// without ranges they are drawn without repetition. From a range they are
/// drawn uniformly, or log-uniformly where its ends are positive and a factor
/// of 10 or more apart, and as whole numbers where both ends are whole. Throws
/// std::runtime_error for a grid of more than 100,000 points and for a range
/// without --random.
std::vector<SweepPoint> points(const SweepPlan&);

/// Checks the options of every run, before the first run starts. Throws
/// std::runtime_error naming the option that does not fit.
void check(const SweepPlan&);

/// The numbers 0 .. points - 1 in the order in which a shard tries them: first
/// those of its own part, then those of others, in case they are not done
/// there. shard: "I/N" with 1 <= I <= N, or empty for all in order. Throws
/// std::runtime_error for another text.
std::vector<size_t> order_of_shard(size_t points, const std::string& shard);

/// The random seed of the sweep, which its base options give.
int64_t seed_of(const SweepPlan&);

/// The settings of one run. Throws std::runtime_error naming the option that
/// does not fit.
TrainSettings settings_of(const SweepPlan&, const SweepPoint&);

nlohmann::json to_json(const SweepPlan&);

/// Throws std::runtime_error naming the key of what to_json() did not make, and
/// for a plan that check() refuses.
SweepPlan sweep_plan(const JsonReader&);

}  // namespace digitorch
