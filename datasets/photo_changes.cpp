#include "datasets/photo_changes.h"

#include <utility>

namespace digitorch {
namespace {

/// Where each of `size` pixels is read along an axis: int64 [N, size].
/// part: float [N] in -1..1, of `most` pixels.
torch::Tensor shifted(const torch::Tensor& part, double most, int64_t size) {
  const torch::Tensor by = (part * most).round().to(torch::kInt64);
  return (torch::arange(size, by.options()) + by.unsqueeze(1))
      .clamp(0, size - 1);
}

torch::Tensor moved(
    const torch::Tensor& images,
    const torch::Tensor& drawn,
    const PhotoChanges& by
) {
  const int64_t height = images.size(2);
  const int64_t width = images.size(3);
  const torch::Tensor y =
      shifted(drawn[0] * 2 - 1, by.shift * static_cast<double>(height), height);
  torch::Tensor x =
      shifted(drawn[1] * 2 - 1, by.shift * static_cast<double>(width), width);
  if (by.flip)
    x = torch::where((drawn[2] < 0.5).unsqueeze(1), width - 1 - x, x);
  const torch::Tensor from =
      (y.unsqueeze(2) * width + x.unsqueeze(1)).flatten(1).unsqueeze(1);
  return images.flatten(2)
      .gather(2, from.expand({-1, images.size(1), -1}))
      .view(images.sizes());
}

/// Which pixels lie in a picture's rectangle: bool [N, 1, H, W]. drawn: four
/// rows: its centre and its sides.
torch::Tensor rectangles(
    const torch::Tensor& drawn, double largest, at::IntArrayRef sizes
) {
  const auto inside = [&](int64_t axis, int64_t size) {
    const torch::Tensor at = (torch::arange(size, drawn.options()) + 0.5) /
                             static_cast<double>(size);
    const torch::Tensor half = drawn[2 + axis] * (largest / 2);
    return (at - drawn[axis].unsqueeze(1)).abs() < half.unsqueeze(1);
  };
  const torch::Tensor rows = inside(0, sizes[2]).unsqueeze(2);
  const torch::Tensor columns = inside(1, sizes[3]).unsqueeze(1);
  return (rows & columns).unsqueeze(1);
}

}  // namespace

torch::Tensor change_photos(
    const torch::Tensor& images, const PhotoChanges& by, at::Generator generator
) {
  const auto from = torch::TensorOptions().device(generator.device());
  const torch::Tensor drawn =
      torch::rand({10, images.size(0)}, std::move(generator), from)
          .to(images.device());
  const auto amount = [&](int64_t row, double most) {
    return ((drawn[row] * 2 - 1) * most).view({-1, 1, 1, 1});
  };
  torch::Tensor x = moved(images, drawn, by);
  const torch::Tensor mean = x.mean({1, 2, 3}, true);
  x = mean + (x - mean) * (1 + amount(3, by.contrast));
  if (x.size(1) == 3) {
    const torch::Tensor grey = x.mean(1, true);
    x = grey + (x - grey) * (1 + amount(4, by.saturation));
  }
  x = (x + amount(5, by.brightness)).clamp_(0, 1);
  // One number decides whether there is a rectangle, and how wide it is.
  const torch::Tensor chosen = drawn[9] < by.erased;
  torch::Tensor place = drawn.narrow(0, 6, 4).clone();
  place[3] = place[3] / by.erased;
  const torch::Tensor hole =
      rectangles(place, by.rectangle, x.sizes()) & chosen.view({-1, 1, 1, 1});
  return torch::where(hole, mean.clamp(0, 1), x);
}

}  // namespace digitorch
