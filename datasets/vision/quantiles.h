// The median, and other quantiles, of a few numbers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace digitorch {

/// The number that as many others come before, in order; of more than that.
template <class Number>
Number nth_of(std::vector<Number> numbers, size_t before) {
  const auto nth = numbers.begin() + static_cast<std::ptrdiff_t>(before);
  std::nth_element(numbers.begin(), nth, numbers.end());
  return *nth;
}

/// The number that `part` (0 to less than 1) of them come before; of one at
/// least.
template <class Number>
Number quantile_of(std::vector<Number> numbers, double part) {
  const auto before =
      static_cast<size_t>(part * static_cast<double>(numbers.size()));
  return nth_of(std::move(numbers), before);
}

/// The middle of the numbers in order, the upper one of two; of one at least.
template <class Number>
Number median_of(std::vector<Number> numbers) {
  const size_t before = numbers.size() / 2;
  return nth_of(std::move(numbers), before);
}

}  // namespace digitorch
