// What a sweep is to try: a grid of training options, all of it or a random
// part.
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
  std::string name;                 ///< Of a training or network option.
  std::vector<std::string> values;  ///< Two, the ends, where it is a range.
  bool is_range = false;
};

/// Reads "lr=0.1,0.01": values with commas between them, or with '/' for an
/// option that is a list itself ("hidden=128/256,128"); "lr=0.001..0.1" is a
/// range. Throws std::runtime_error naming the text for anything else.
SweepAxis parse_axis(const std::string& text);

struct SweepPlan {
  std::vector<SweepAxis> axes;
  int64_t random = 0;             ///< Points drawn; 0: every point of the grid.
  std::vector<GivenOption> base;  ///< Options that all runs share.
  double test = 0.1;              ///< Part of the data kept for the winner.
};

/// The values of the axes in one run, in their order.
using SweepPoint = std::vector<std::string>;

/// All points to try, in order. Random ones come from the seed of the base: of
/// a plain grid without repetition; in a range evenly, or evenly in the
/// logarithm where its ends are positive and a factor of 10 or more apart,
/// whole numbers where both ends are. Throws std::runtime_error for a grid of
/// over 100,000 points and for a range without --random.
std::vector<SweepPoint> points(const SweepPlan&);

/// Of what is drawn for all runs: the base's seed.
int64_t seed_of(const SweepPlan&);

/// The settings of one run. Throws std::runtime_error naming the option that
/// does not fit.
TrainSettings settings_of(const SweepPlan&, const SweepPoint&);

nlohmann::json to_json(const SweepPlan&);

/// Throws nlohmann::json::exception for what to_json() did not make.
SweepPlan sweep_plan(const nlohmann::json&);

}  // namespace digitorch
