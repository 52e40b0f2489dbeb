#include "datasets/augment.h"

#include <ATen/native/GridSamplerUtils.h>

#include <numbers>
#include <stdexcept>
#include <utility>

#include "datasets/degrade.h"
#include "models/kernels/step.h"

namespace digitorch {
namespace {

// Knots of the elastic field along each side. They are 4.5 pixels apart, about
// the radius of a stroke's bend.
constexpr int64_t kKnots = 7;
constexpr int64_t kLines = 2;  // for each picture

/// Random numbers for one batch, moved to the device of its pictures.
class Draws {
 public:
  Draws(at::Generator generator, torch::Device device)
      : generator_(std::move(generator)),
        from_(torch::TensorOptions().device(generator_.device())),
        to_(device) {}

  /// Uniform in 0..1.
  torch::Tensor uniform(at::IntArrayRef sizes) {
    return torch::rand(sizes, generator_, from_).to(to_);
  }
  /// Uniform in -1..1.
  torch::Tensor symmetric(at::IntArrayRef sizes) {
    return uniform(sizes).mul_(2).sub_(1);
  }
  torch::Tensor normal(at::IntArrayRef sizes) {
    return torch::randn(sizes, generator_, from_).to(to_);
  }

 private:
  at::Generator generator_;
  torch::TensorOptions from_;
  torch::Device to_;
};

/// uniform: float [5, N] in 0..1.
Distortion affine_of(
    const torch::Tensor& uniform, const AugmentOptions& options
) {
  const torch::Tensor drawn = uniform * 2 - 1;
  return {
      .degrees = drawn[0] * options.degrees,
      .right = drawn[1] * options.shift,
      .down = drawn[2] * options.shift,
      .scale = drawn[3] * options.scale + 1,
      .shear = drawn[4] * options.shear};
}

/// Turns numbers uniform in -1..1 into amounts: a part kWorn of them become
/// uniform in 0..1, the others 0.
torch::Tensor of_some(const torch::Tensor& drawn) {
  return torch::softshrink(drawn, 1 - kWorn).abs_().div_(kWorn);
}

/// Remains of ruled lines, about horizontal or vertical, with lengths from 1/7
/// to 9/7 of the side.
Strokes draw_lines(Draws& draws, int64_t count, int64_t side, double strength) {
  const torch::Tensor drawn = draws.symmetric({6, count, kLines});
  const double half = static_cast<double>(side) / 2;
  return {
      .x = drawn[0] * half,
      .y = drawn[1] * half,
      // Half of them are within 9 degrees of horizontal, half of vertical.
      .degrees = (drawn[2] > 0) * 90 + (drawn[2].abs() - 0.5) * 18,
      .length = (drawn[3] * 0.8 + 1) * side / 1.4,
      .width = drawn[4] * 0.5 + 1,
      .strength = of_some(drawn[5]) * strength};
}

/// A short thick stroke for each picture, anywhere in the middle `part` of it.
Strokes draw_dots(
    Draws& draws, int64_t count, int64_t side, double part, double strength
) {
  const torch::Tensor drawn = draws.symmetric({6, count, 1});
  const double reach = part * static_cast<double>(side) / 2;
  return {
      .x = drawn[0] * reach,
      .y = drawn[1] * reach,
      .degrees = drawn[2] * 90,
      .length = drawn[3] + 1,
      .width = drawn[4] * 0.8 + 1.2,
      .strength = of_some(drawn[5]) * strength};
}

torch::Tensor wear(
    torch::Tensor images,
    const torch::Tensor& amounts,
    Draws& draws,
    const AugmentOptions& options
) {
  const int64_t count = images.size(0);
  const int64_t side = images.size(3);
  const auto each = [](const torch::Tensor& amount) {
    return amount.view({-1, 1, 1, 1});
  };
  const torch::Tensor& stroke = amounts[0];
  images = change_stroke(
      images,
      torch::where(
          stroke > 0, stroke * options.thicker, stroke * options.thinner
      )
  );
  // Gaps are where the digit is, in the middle; specks are anywhere.
  images = images *
           (1 - cover(draw_dots(draws, count, side, 0.6, options.gaps), side));
  images = images.maximum(
      cover(draw_dots(draws, count, side, 1, options.specks), side)
  );
  images =
      images.maximum(cover(draw_lines(draws, count, side, options.lines), side)
      );
  images = blur(images, of_some(amounts[1]) * options.blur);
  images = images * each(1 - of_some(amounts[2]) * options.fading);
  const torch::Tensor noise = draws.normal(images.sizes());
  return (images + noise * each(of_some(amounts[3]) * options.noise))
      .clamp_(0, 1);
}

/// Where the pixels of a side lie that is 2 long, its middle at 0: [pixels].
torch::Tensor centres(int64_t pixels, const torch::TensorOptions& options) {
  return (torch::arange(pixels, options) * 2 + (1 - pixels)) /
         static_cast<double>(pixels);
}

}  // namespace

const std::vector<Augmentation>& augmentations() {
  static const std::vector<Augmentation> table = {
      {"none", "", std::nullopt},
      {"affine", "rotates, moves, scales and shears", AugmentOptions{}},
      {"strong",
       "also bends and wears off, for ink",
       AugmentOptions{.wear = true}},
      {"photos",
       "mirrors, moves, changes light and colours, erases rectangles",
       AugmentOptions{.photo = PhotoChanges{}}},
      {"photos-unmirrored",
       "the same for signs and letters",
       AugmentOptions{.photo = PhotoChanges{.flip = false}}}};
  return table;
}

std::optional<AugmentOptions> augmentation(
    const std::string& name, const InputFormat& format
) {
  for (const Augmentation& each : augmentations()) {
    if (each.name != name) continue;
    std::optional<AugmentOptions> options = each.options;
    if (!options || format.is_ink()) return options;
    if (options->wear)
      throw std::runtime_error(
          "--augment: found " + name + " with " + description(format) +
          "; expected one for pictures that are no ink, such as affine or "
          "photos"
      );
    options->repeat_edge = true;
    return options;
  }
  throw std::logic_error("no augmentation is called '" + name + "'");
}

torch::Tensor augment(
    const torch::Tensor& images,
    const AugmentOptions& options,
    at::Generator generator
) {
  if (options.photo)
    return change_photos(images, *options.photo, std::move(generator));
  const int64_t count = images.size(0);
  Draws draws(std::move(generator), images.device());
  const torch::Tensor uniform = draws.uniform({5, count});
  if (!options.wear && !options.repeat_edge)
    if (auto result = distorted(
            images,
            uniform,
            {.degrees = options.degrees,
             .shift = options.shift,
             .scale = options.scale,
             .shear = options.shear}
        ))
      return *result;
  Distortion distortion = affine_of(uniform, options);
  distortion.repeat_edge = options.repeat_edge;
  if (!options.wear) return distort(images, distortion);
  const torch::Tensor amounts = draws.symmetric({4, count});
  distortion.elastic = smooth_field(
      draws.normal({count, 2, kKnots, kKnots}) * options.elastic, images.size(3)
  );
  return wear(distort(images, distortion), amounts, draws, options);
}

torch::Tensor distort(const torch::Tensor& images, const Distortion& by) {
  TORCH_CHECK(
      images.dim() == 4,
      "expected pictures [N, C, H, W], found ",
      images.sizes()
  );
  // With x to the right and y down, both -1..1 over the picture, a point p
  // moves to q = scale R H p + t, where R = (cos -sin; sin cos) turns clockwise
  // and H = (1 shear; 0 1) slants. grid_sampler takes the inverse:
  //   p = H^-1 R^-1 (q - t) / scale
  const torch::Tensor angle = by.degrees * (std::numbers::pi / 180);
  const torch::Tensor cos = angle.cos() / by.scale;
  const torch::Tensor sin = angle.sin() / by.scale;
  const torch::Tensor a = cos + by.shear * sin;  // first row of H^-1 R^-1
  torch::Tensor b = sin - by.shear * cos;
  torch::Tensor c = -sin;
  // The equations are those of pixels, and the sides are 2 long, whatever they
  // have in pixels.
  if (const double aspect = static_cast<double>(images.size(2)) /
                            static_cast<double>(images.size(3));
      aspect != 1) {
    b = b * aspect;
    c = c / aspect;
  }
  const torch::Tensor x = by.right * 2;  // a side is 2 long
  const torch::Tensor y = by.down * 2;
  const auto of_both = [&](const torch::Tensor& first,
                           const torch::Tensor& second) {
    return torch::stack({first, second}, 1)
        .to(images.dtype())
        .view({-1, 2, 1, 1});
  };
  // affine_grid_generator() asks for a matrix product for this, which takes far
  // longer, and lays the two coordinates of a place side by side.
  torch::Tensor from = torch::addcmul(
      torch::addcmul(
          of_both(-(a * x + b * y), -(c * x + cos * y)),
          of_both(b, cos),
          centres(images.size(2), images.options()).unsqueeze(1)
      ),
      of_both(a, c),
      centres(images.size(3), images.options())
  );
  if (by.elastic.defined())
    from = from + by.elastic * (2.0 / static_cast<double>(images.size(3)));
  using Interpolation = at::native::detail::GridSamplerInterpolation;
  using Padding = at::native::detail::GridSamplerPadding;
  return torch::grid_sampler(
      images,
      from.permute({0, 2, 3, 1}),
      static_cast<int64_t>(Interpolation::Bilinear),
      static_cast<int64_t>(by.repeat_edge ? Padding::Border : Padding::Zeros),
      /*align_corners=*/false
  );
}

}  // namespace digitorch
