// The median of a few numbers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace digitorch {

/// The middle of the numbers in order, the upper one of two; of one at least.
template <class Number>
Number middle_of(std::vector<Number> numbers) {
  const auto middle =
      numbers.begin() + static_cast<std::ptrdiff_t>(numbers.size() / 2);
  std::nth_element(numbers.begin(), middle, numbers.end());
  return *middle;
}

}  // namespace digitorch
