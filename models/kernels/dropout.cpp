#include "models/kernels/dropout.h"

#include <ATen/core/PhiloxRNGEngine.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "models/kernels/share_work.h"

namespace digitorch {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Elements whose choices come from one sequence of random numbers.
constexpr int64_t kPiece = 4096;

// GCC's and Clang's vectors of four, as any x86-64 and ARM processor has them.
constexpr int64_t kLanes = 4;
using Words = uint32_t __attribute__((vector_size(16)));
using Choices = int32_t __attribute__((vector_size(16)));
using Floats = float __attribute__((vector_size(16)));

constexpr int64_t kHalf = 16;              // bits for the choice of an element
constexpr int64_t kElements = 2 * kLanes;  // elements for each draw

/// Four generators xoshiro128++ side by side (Blackman and Vigna, "Scrambled
/// linear pseudorandom number generators", 2021), seeded by Philox.
class RandomWords {
 public:
  RandomWords(uint64_t seed, uint64_t sequence) {
    at::Philox4_32 seeds(seed, sequence);
    for (Words& state : state_)
      for (int64_t lane = 0; lane < kLanes; ++lane) state[lane] = seeds();
  }

  Words operator()() {
    const Words result = rotated(state_[0] + state_[3], 7) + state_[0];
    const Words shifted = state_[1] << 9;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = rotated(state_[3], 11);
    return result;
  }

 private:
  static Words rotated(Words words, int bits) {
    return words << bits | words >> (32 - bits);
  }

  Words state_[4];
};

/// What all choices depend on.
struct Draw {
  uint64_t seed;
  double probability;
};

/// Drops elements of a piece, the next kElements in each call.
class Dropper {
 public:
  Dropper(const Draw& draw, int64_t piece)
      : random_(draw.seed, static_cast<uint64_t>(piece)),
        threshold_(
            Choices{} + static_cast<int32_t>(
                            std::lround(std::ldexp(draw.probability, kHalf))
                        )
        ),
        scale_(Floats{} + static_cast<float>(1 / (1 - draw.probability))) {}

  void operator()(const float* from, float* to) {
    const Words drawn = random_();
    keep(drawn & 0xFFFF, from, to);
    keep(drawn >> kHalf, from + kLanes, to + kLanes);
  }

 private:
  void keep(Words drawn, const float* from, float* to) {
    Floats values;
    std::memcpy(&values, from, sizeof values);
    // A choice rather than a product with 0, so that infinities are dropped,
    // too.
    values =
        std::bit_cast<Choices>(drawn) < threshold_ ? Floats{} : values * scale_;
    std::memcpy(to, &values, sizeof values);
  }

  RandomWords random_;
  const Choices threshold_;
  const Floats scale_;
};

void drop_piece(
    const Draw& draw, int64_t piece, const float* from, float* to, int64_t size
) {
  Dropper drop(draw, piece);
  int64_t i = 0;
  for (; i + kElements <= size; i += kElements) drop(from + i, to + i);
  if (i == size) return;
  float rest[kElements] = {};
  std::copy(from + i, from + size, rest);
  drop(rest, rest);
  std::copy(rest, rest + (size - i), to + i);
}

/// x, float32, with the elements that the draw drops set to 0 and the others
/// scaled.
torch::Tensor with_dropped(const torch::Tensor& x, const Draw& draw) {
  const torch::Tensor whole = x.contiguous();
  const torch::Tensor result = torch::empty_like(whole);
  const auto* from = whole.const_data_ptr<float>();
  auto* to = result.mutable_data_ptr<float>();
  const int64_t size = whole.numel();
  const int64_t pieces = (size + kPiece - 1) / kPiece;
  share_work(pieces, [&](int64_t piece) {
    const int64_t at = piece * kPiece;
    drop_piece(draw, piece, from + at, to + at, std::min(kPiece, size - at));
  });
  return result;
}

/// The backward pass draws the same numbers again, which is faster than keeping
/// them in memory.
class Dropout : public torch::autograd::Function<Dropout> {
 public:
  static torch::Tensor forward(
      AutogradContext* context, const torch::Tensor& x, const Draw& draw
  ) {
    context->saved_data["seed"] = static_cast<int64_t>(draw.seed);
    context->saved_data["probability"] = draw.probability;
    return with_dropped(x, draw);
  }

  static variable_list backward(
      AutogradContext* context, const variable_list& outputs
  ) {
    const Draw draw{
        .seed = static_cast<uint64_t>(context->saved_data["seed"].toInt()),
        .probability = context->saved_data["probability"].toDouble()};
    return {with_dropped(outputs[0], draw), torch::Tensor()};
  }
};

Draw draw_from_default_generator(double probability) {
  const torch::Tensor seed =
      torch::randint(std::numeric_limits<int64_t>::max(), {1}, torch::kInt64);
  return {
      .seed = static_cast<uint64_t>(seed.item<int64_t>()),
      .probability = probability};
}

}  // namespace

torch::Tensor dropout(
    const torch::Tensor& x, double probability, bool training
) {
  if (!training || probability == 0) return x;
  if (!x.is_cpu()) return torch::dropout(x, probability, training);
  return Dropout::apply(
      x.to(torch::kFloat32), draw_from_default_generator(probability)
  );
}

}  // namespace digitorch
