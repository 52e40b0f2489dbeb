#include "app/report/charts/ticks.h"

#include <algorithm>
#include <cmath>

#include "app/report/drawing/layout.h"

namespace digitorch {
namespace {

// A tick counts as inside the range where rounding put it outside by less than
// this fraction of a step.
constexpr double kTolerance = 1e-9;

/// mantissa * 10^exponent * count, without the rounding error of 10^-n.
double multiple(double count, int mantissa, int exponent) {
  const double power = std::pow(10.0, std::abs(exponent));
  return exponent < 0 ? count * mantissa / power : count * mantissa * power;
}

}  // namespace

std::vector<double> ticks(
    double min, double max, int max_ticks, bool whole_numbers
) {
  if (!(max > min)) return {min};
  const int wanted = std::max(max_ticks, 1);
  int exponent = int(std::floor(std::log10((max - min) / wanted)));
  if (whole_numbers) exponent = std::max(exponent, 0);
  for (;; ++exponent) {
    for (const int mantissa : {1, 2, 5}) {
      const double step = multiple(1, mantissa, exponent);
      const double first = std::ceil(min / step - kTolerance);
      const double last = std::floor(max / step + kTolerance);
      if (last - first + 1 > wanted) continue;
      std::vector<double> values;
      for (double count = first; count <= last; ++count)
        values.push_back(multiple(count, mantissa, exponent) + 0.0);  // no -0
      return values;
    }
  }
}

std::vector<double> log_ticks(double min, double max, int max_ticks) {
  const int first = int(std::ceil(std::log10(min) - kTolerance));
  const int last = int(std::floor(std::log10(max) + kTolerance));
  std::vector<double> values;
  if (last - first >= 2) {
    const int step = (last - first) / std::max(max_ticks, 1) + 1;
    for (int exponent = first; exponent <= last; exponent += step)
      values.push_back(multiple(1, 1, exponent));
    return values;
  }
  for (int exponent = first - 1; exponent <= last; ++exponent)
    for (const int mantissa : {1, 2, 5})
      if (const double value = multiple(1, mantissa, exponent);
          value >= min * (1 - kTolerance) && value <= max * (1 + kTolerance))
        values.push_back(value);
  const bool fits = values.size() >= 2 && int(values.size()) <= max_ticks;
  return fits ? values : ticks(min, max, max_ticks, false);
}

std::string tick_text(double value) {
  constexpr int kDigits = 6;  // drops what rounding added
  return number_text(value, kDigits);
}

}  // namespace digitorch
