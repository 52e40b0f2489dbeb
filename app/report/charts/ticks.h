// Where an axis has ticks, and how their values are written.
#pragma once

#include <string>
#include <vector>

namespace digitorch {

/// Round numbers from `min` to `max`, at most `max_ticks`, for a linear axis.
std::vector<double> ticks(
    double min, double max, int max_ticks, bool whole_numbers
);

/// Values for a logarithmic axis with 0 < min <= max: every n-th power of ten,
/// or 1, 2 and 5 times each power where the axis spans few of them.
std::vector<double> log_ticks(double min, double max, int max_ticks);

/// A number as an axis shows it: "0.05", "1e-05", "12000".
std::string tick_text(double value);

}  // namespace digitorch
