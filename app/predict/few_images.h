// The number of threads for batches of few images.
#pragma once

#include <cstdint>

namespace digitorch {

/// While it lives, this thread computes on one thread where there are fewer
/// than kManyImages images: several are slower then, and far slower where other
/// programs use the processors.
class OneThreadForFew {
 public:
  static constexpr int64_t kManyImages = 8;

  explicit OneThreadForFew(int64_t images);
  ~OneThreadForFew();
  OneThreadForFew(const OneThreadForFew&) = delete;
  OneThreadForFew& operator=(const OneThreadForFew&) = delete;

 private:
  int before_;
};

}  // namespace digitorch
