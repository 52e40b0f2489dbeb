// The median, and other quantiles, of a few numbers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace digitorch {

/// The number that the given part of all numbers, 0 to less than 1, comes
/// before in ascending order. numbers: at least one.
template <class Number>
Number quantile_of(std::vector<Number> numbers, double part) {
  const auto nth =
      numbers.begin() +
      static_cast<std::ptrdiff_t>(part * static_cast<double>(numbers.size()));
  std::nth_element(numbers.begin(), nth, numbers.end());
  return *nth;
}

/// The middle number in ascending order, the upper one of two. numbers: at
/// least one.
template <class Number>
Number median_of(std::vector<Number> numbers) {
  return quantile_of(std::move(numbers), 0.5);
}

}  // namespace digitorch
