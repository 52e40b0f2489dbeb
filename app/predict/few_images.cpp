#include "app/predict/few_images.h"

#include <ATen/Parallel.h>

namespace digitorch {

OneThreadForFew::OneThreadForFew(int64_t images)
    : before_(at::get_num_threads()) {
  if (images < kManyImages && before_ > 1) at::set_num_threads(1);
}

OneThreadForFew::~OneThreadForFew() {
  if (at::get_num_threads() != before_) at::set_num_threads(before_);
}

}  // namespace digitorch
