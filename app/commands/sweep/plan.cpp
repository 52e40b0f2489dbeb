#include "app/commands/sweep/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <set>
#include <stdexcept>

#include "app/commands/train/start.h"
#include "datasets/generator.h"
#include "models/text/json_text.h"

namespace digitorch {
namespace {

constexpr size_t kMaxPoints = 100'000;
// Keeps these random numbers apart from those of splits and orders.
constexpr uint64_t kStream = 0x5357454550;
const std::set<std::string> kSharedOptions = {
    "data",
    "data-dir",
    "skip-bad",
    "transpose",
    "pictures",
    "image-size",
    "channels-in",
    "device",
    "threads"};
constexpr const char* kForm =
    "; expected NAME=VALUE,VALUE,... or NAME=MIN..MAX";

std::optional<double> number(const std::string& text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || !std::isfinite(value))
    return std::nullopt;
  return value;
}

bool is_whole(const std::string& text) {
  return text.find_first_not_of("-0123456789") == std::string::npos;
}

bool is_list(const std::string& option) {
  for (const NetworkOption& each : network_options())
    if (each.field.name == option)
      return each.field.expected.starts_with("whole numbers");
  return false;
}

/// The value at a position in the range, 0 <= part < 1.
std::string inside(const SweepAxis& axis, double part) {
  const double min = *number(axis.values[0]);
  const double max = *number(axis.values[1]);
  if (is_whole(axis.values[0]) && is_whole(axis.values[1]))
    return std::to_string(std::llround(std::floor(min + part * (max - min + 1)))
    );
  const bool logarithmic = min > 0 && max >= 10 * min;
  const double value =
      logarithmic ? min * std::pow(max / min, part) : min + part * (max - min);
  return fmt::format("{:.3g}", value);
}

std::vector<SweepPoint> whole_grid(const std::vector<SweepAxis>& axes) {
  std::vector<SweepPoint> grid = {{}};
  for (const SweepAxis& axis : axes) {
    if (grid.size() * axis.values.size() > kMaxPoints)
      throw std::runtime_error(
          "--grid: found more than " + std::to_string(kMaxPoints) +
          " combinations; expected fewer values"
      );
    std::vector<SweepPoint> longer;
    for (const SweepPoint& point : grid)
      for (const std::string& value : axis.values) {
        longer.push_back(point);
        longer.back().push_back(value);
      }
    grid = std::move(longer);
  }
  return grid;
}

std::vector<SweepPoint> draw_points(const SweepPlan& plan) {
  at::Generator generator =
      make_generator(static_cast<uint64_t>(seed_of(plan)), kStream);
  std::vector<SweepPoint> drawn;
  for (int64_t i = 0; i < plan.random; ++i) {
    SweepPoint point;
    for (const SweepAxis& axis : plan.axes) {
      const double part =
          at::rand({}, generator, torch::kFloat64).item<double>();
      const auto count = static_cast<double>(axis.values.size());
      point.push_back(
          axis.is_range ? inside(axis, part)
                        : axis.values[static_cast<size_t>(part * count)]
      );
    }
    drawn.push_back(std::move(point));
  }
  return drawn;
}

std::vector<SweepPoint> draw_from_grid(const SweepPlan& plan) {
  const std::vector<SweepPoint> grid = whole_grid(plan.axes);
  at::Generator generator =
      make_generator(static_cast<uint64_t>(seed_of(plan)), kStream);
  const torch::Tensor order =
      at::randperm(static_cast<int64_t>(grid.size()), generator, torch::kInt64);
  std::vector<SweepPoint> drawn;
  for (int64_t i = 0; i < std::min(plan.random, order.numel()); ++i)
    drawn.push_back(grid[static_cast<size_t>(order[i].item<int64_t>())]);
  return drawn;
}

/// What was expected of an axis that cannot be tried; none where it can.
std::optional<std::string> fault_of(const SweepAxis& axis) {
  if (kSharedOptions.contains(axis.name))
    return "an option of the network or its training, not of what all runs "
           "share";
  if (axis.is_range) {
    const bool has_ends = axis.values.size() == 2;
    const auto min = has_ends ? number(axis.values[0]) : std::nullopt;
    const auto max = has_ends ? number(axis.values[1]) : std::nullopt;
    if (!min || !max || *min >= *max)
      return "a range NAME=MIN..MAX of two numbers, the smaller one first";
    return std::nullopt;
  }
  const std::set<std::string> different(axis.values.begin(), axis.values.end());
  if (axis.values.empty() || different.size() != axis.values.size())
    return "values of which each comes once";
  return std::nullopt;
}

SweepAxis axis_from(const JsonReader& json) {
  json.check_keys({"name", "values", "is_range"});
  SweepAxis axis{
      .name = json.at("name").text(),
      .values = {},
      .is_range = json.at("is_range").truth()};
  for (const JsonReader& value : json.at("values").items())
    axis.values.push_back(value.byte_text());
  if (const auto fault = fault_of(axis))
    json.at(kSharedOptions.contains(axis.name) ? "name" : "values")
        .refuse(*fault);
  return axis;
}

GivenOption option_from(const JsonReader& json) {
  const std::vector<JsonReader> pair = json.items();
  if (pair.size() != 2) json.refuse("an option's name and value");
  return {pair[0].text(), pair[1].byte_text(), json.where()};
}

}  // namespace

std::vector<size_t> order_of_shard(size_t points, const std::string& shard) {
  size_t own = 1;
  size_t shards = 1;
  if (!shard.empty()) {
    const char* const end = shard.data() + shard.size();
    const auto [slash, bad] = std::from_chars(shard.data(), end, own);
    const bool divided = bad == std::errc() && slash != end && *slash == '/';
    const auto [rest, worse] =
        divided ? std::from_chars(slash + 1, end, shards)
                : std::from_chars_result{end, std::errc::invalid_argument};
    if (worse != std::errc() || rest != end || own < 1 || own > shards)
      throw std::runtime_error(
          "--shard: found '" + shard +
          "'; expected I/N with I from 1 to N, such as 2/8"
      );
  }
  std::vector<size_t> order;
  for (size_t part = 0; part < shards; ++part)
    for (size_t i = (own - 1 + part) % shards; i < points; i += shards)
      order.push_back(i);
  return order;
}

int64_t seed_of(const SweepPlan& plan) {
  TrainOptions options;
  assign_known(fields(options), plan.base);
  return options.seed;
}

SweepAxis parse_axis(const std::string& text) {
  const size_t equals = text.find('=');
  if (equals == 0 || equals == std::string::npos)
    throw std::runtime_error("--grid: found '" + text + "'" + kForm);
  SweepAxis axis{.name = text.substr(0, equals)};
  const std::string values = text.substr(equals + 1);
  if (const size_t dots = values.find(".."); dots != std::string::npos) {
    axis.values = {values.substr(0, dots), values.substr(dots + 2)};
    axis.is_range = true;
  } else {
    axis.values = split_text(values, is_list(axis.name) ? '/' : ',');
  }
  if (const auto fault = fault_of(axis))
    throw std::runtime_error(
        "--grid: found '" + text + "'; expected " + *fault
    );
  return axis;
}

std::vector<SweepPoint> points(const SweepPlan& plan) {
  const auto range =
      std::find_if(plan.axes.begin(), plan.axes.end(), [](const auto& axis) {
        return axis.is_range;
      });
  if (plan.random == 0) {
    if (range != plan.axes.end())
      throw std::runtime_error(
          "--grid: found the range of " + range->name +
          "; expected values, or --random N to draw from it"
      );
    return whole_grid(plan.axes);
  }
  return range == plan.axes.end() ? draw_from_grid(plan) : draw_points(plan);
}

TrainSettings settings_of(const SweepPlan& plan, const SweepPoint& point) {
  std::vector<GivenOption> typed = plan.base;
  for (size_t i = 0; i < plan.axes.size(); ++i) {
    const std::string& name = plan.axes[i].name;
    const bool may_be_several =
        !is_list(name) && point[i].find('/') != std::string::npos;
    const char* const hint = may_be_several ? " (',' separates values)" : "";
    typed.push_back({name, point[i], "--grid: " + name + hint});
  }
  return resolve({.typed = std::move(typed)});
}

void check(const SweepPlan& plan) {
  if (plan.axes.empty())
    throw std::runtime_error(
        "--grid: found nothing to vary; expected such as --grid lr=0.1,0.01 "
        "dropout=0,0.5"
    );
  for (size_t i = 0; i < plan.axes.size(); ++i)
    for (size_t j = 0; j < i; ++j)
      if (plan.axes[i].name == plan.axes[j].name)
        throw std::runtime_error(
            "--grid: found " + plan.axes[i].name + " twice; expected it once"
        );
  for (const SweepPoint& point : points(plan)) {
    const TrainSettings settings = settings_of(plan, point);
    check(settings);
    if (settings.train.validation <= 0 ||
        settings.train.validation + plan.test >= 1)
      throw std::runtime_error(
          "--validation: found " + to_text(settings.train.validation) +
          "; expected a part above 0 that, with --test, leaves some to train on"
      );
  }
}

nlohmann::json to_json(const SweepPlan& plan) {
  nlohmann::json axes = nlohmann::json::array();
  for (const SweepAxis& axis : plan.axes) {
    nlohmann::json values = nlohmann::json::array();
    for (const std::string& value : axis.values)
      values.push_back(json_of_text(value));
    axes.push_back(
        {{"name", axis.name}, {"values", values}, {"is_range", axis.is_range}}
    );
  }
  nlohmann::json base = nlohmann::json::array();
  for (const GivenOption& option : plan.base)
    base.push_back({option.name, json_of_text(option.text)});
  return {
      {"axes", axes},
      {"random", plan.random},
      {"options", base},
      {"test", plan.test}};
}

SweepPlan sweep_plan(const JsonReader& json) {
  json.check_keys({"axes", "random", "options", "test"});
  SweepPlan plan{
      .random = json.at("random").whole(kRandomPoints),
      .test = json.at("test").real(kTestPart)};
  for (const JsonReader& axis : json.at("axes").items())
    plan.axes.push_back(axis_from(axis));
  for (const JsonReader& option : json.at("options").items())
    plan.base.push_back(option_from(option));
  try {
    check(plan);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(json.where() + ": " + error.what());
  }
  return plan;
}

}  // namespace digitorch
