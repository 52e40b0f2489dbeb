#include "models/kernels/conv_pool_cpu.h"

#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/core/LegacyTypeDispatch.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "models/kernels/share_work.h"

namespace digitorch {
namespace {

/// The best that the processor runs, as ATen chooses its own kernels;
/// ATEN_CPU_CAPABILITY=avx2 or default in the environment is heeded likewise.
const ConvPoolLoops& choose_loops() {
#ifdef DIGITORCH_HAS_AVX
  const std::string capability = at::get_cpu_capability();
  if (capability == "AVX512") return kConvPoolLoopsAvx512;
  if (capability.starts_with("AVX")) return kConvPoolLoopsAvx2;
#endif
  return kConvPoolLoopsPortable;
}

const ConvPoolLoops& loops() {
  static const ConvPoolLoops& chosen = choose_loops();
  return chosen;
}

/// What Winograd's method makes of three weights in a row, or of the sums of
/// three rows: to[i] for each of 0 .. 3, each of `count` numbers.
void winograd_row(
    const float* const (&from)[3], int64_t count, float* const (&to)[4]
) {
  for (int64_t i = 0; i < count; ++i) {
    const float ends = from[0][i] + from[2][i];
    to[0][i] = from[0][i];
    to[1][i] = .5F * (ends + from[1][i]);
    to[2][i] = .5F * (ends - from[1][i]);
    to[3][i] = from[2][i];
  }
}

/// [3, 3, C, O] -> [4, 4, C, O], what Winograd's method multiplies with.
torch::Tensor winograd_weights(const torch::Tensor& given) {
  const torch::Tensor weight = given.contiguous();
  const int64_t size = weight.size(2) * weight.size(3);
  const torch::Tensor rows = torch::empty({4, 3, size});
  const torch::Tensor result =
      torch::empty({4, 4, weight.size(2), weight.size(3)});
  const auto* from = weight.const_data_ptr<float>();
  auto* half = rows.mutable_data_ptr<float>();
  auto* to = result.mutable_data_ptr<float>();
  const int64_t row = 3 * size;
  winograd_row(
      {from, from + row, from + 2 * row},
      row,
      {half, half + row, half + 2 * row, half + 3 * row}
  );
  for (int y = 0; y < 4; ++y, half += row, to += 4 * size)
    winograd_row(
        {half, half + size, half + 2 * size},
        size,
        {to, to + size, to + 2 * size, to + 3 * size}
    );
  return result;
}

/// The weights as ConvPoolLoops::backward wants them: [O, k, room].
torch::Tensor weights_in_segments(
    const ConvPoolShape& shape, const torch::Tensor& weight
) {
  const torch::Tensor segments =
      weight.permute({0, 2, 3, 1}).reshape({shape.outputs, shape.kernel, -1});
  const int64_t room = shape.segment_vectors() * kLanes;
  return torch::constant_pad_nd(segments, {0, room - shape.segment()});
}

/// A picture with its padding and overhang, in memory of its own where it needs
/// them.
class PaddedPicture {
 public:
  PaddedPicture(const ConvPoolShape& shape, int64_t padding)
      : shape_(shape), padding_(padding) {}

  /// The picture with its padding and, where asked for, its overhang.
  const float* read(const float* picture, bool with_overhang) {
    if (padding_ == 0 && !with_overhang) return picture;
    each_row(own(), picture, [](float* mine, const float* theirs, size_t size) {
      std::memcpy(mine, theirs, size);
    });
    return own();
  }

  /// Where sums for a picture are added up, all of them 0: the picture itself
  /// where nothing is written but that.
  float* begin_sums(float* picture) {
    float* sums = in_place() ? picture : own();
    std::fill_n(
        sums, in_place() ? shape_.input_size() : shape_.input_room(), 0.0F
    );
    return sums;
  }

  /// Brings the sums into the picture.
  void end_sums(float* picture) {
    if (in_place()) return;
    each_row(own(), picture, [](const float* mine, float* theirs, size_t size) {
      std::memcpy(theirs, mine, size);
    });
  }

 private:
  bool in_place() const {
    return padding_ == 0 && shape_.segment() % kLanes == 0;
  }

  float* own() {
    if (!memory_.defined())
      memory_ = torch::zeros(shape_.input_room());  // aligned to 64 bytes
    return memory_.mutable_data_ptr<float>();
  }

  template <class Pixels, class Copy>
  void each_row(float* mine, Pixels* picture, Copy copy) {
    const int64_t length = shape_.row() - 2 * padding_ * shape_.inputs;
    const int64_t rows = shape_.padded_height - 2 * padding_;
    mine += padding_ * (shape_.row() + shape_.inputs);
    for (int64_t y = 0; y < rows; ++y, mine += shape_.row(), picture += length)
      copy(mine, picture, static_cast<size_t>(length) * sizeof(float));
  }

  const ConvPoolShape& shape_;
  const int64_t padding_;
  torch::Tensor memory_;
};

// Parts of a batch for each thread, so that the others go on with those of one
// that other programs keep from running; and what is worth a part, some tens of
// microseconds.
constexpr int64_t kPartsOfThread = 4;
constexpr int64_t kMultiplicationsOfPart = 2'000'000;
// Sums of a part's gradients that are added up soon enough.
constexpr int64_t kFewSums = 1 << 16;

/// Parts that a batch of pictures is divided into. The division depends on the
/// sizes and the number of threads and nothing else, and so do sums over parts.
int64_t parts_of(const ConvPoolShape& shape, int64_t count) {
  const int64_t threads = at::get_num_threads();
  if (threads == 1) return 1;
  const int64_t picture = shape.conv_height() * shape.conv_width() *
                          shape.kernel * shape.segment() * shape.outputs;
  const int64_t worth = count * picture / kMultiplicationsOfPart;
  const bool few_sums = shape.outputs * shape.filter_room() <= kFewSums;
  return std::clamp<int64_t>(
      std::min(worth, count), 1, threads * (few_sums ? kPartsOfThread : 1)
  );
}

/// Calls work(part, first, last) for all parts of 0..count.
template <class Work>
void in_parts(int64_t parts, int64_t count, const Work& work) {
  share_work(parts, [&](int64_t part) {
    work(part, part * count / parts, (part + 1) * count / parts);
  });
}

// Numbers whose copy is worth a piece.
constexpr int64_t kCopiedNumbers = 1 << 15;

}  // namespace

torch::Tensor contiguous_pictures(const torch::Tensor& pictures) {
  if (pictures.is_contiguous()) return pictures;
  const int64_t count = pictures.size(0);
  const int64_t size = pictures.numel() / std::max<int64_t>(count, 1);
  const torch::Tensor result =
      torch::empty(pictures.sizes(), pictures.options());
  const int64_t length = rows_of_piece(kCopiedNumbers, size);
  share_rows(count, length, [&](int64_t first, int64_t last) {
    // A thread that helps has modes of autograd of its own.
    const at::AutoDispatchBelowADInplaceOrView without_autograd;
    result.narrow(0, first, last - first)
        .copy_(pictures.narrow(0, first, last - first));
  });
  return result;
}

ConvPoolShape conv_pool_shape(
    int64_t channels,
    int64_t height,
    int64_t width,
    const torch::Tensor& weight,
    int64_t padding
) {
  return {
      .inputs = channels,
      .outputs = weight.size(0),
      .kernel = weight.size(2),
      .padded_height = height + 2 * padding,
      .padded_width = width + 2 * padding};
}

torch::Tensor conv_pool_blocks(const torch::Tensor& weight) {
  const ConvPoolShape shape{
      .inputs = weight.size(1),
      .outputs = weight.size(0),
      .kernel = weight.size(2)};
  torch::Tensor last = weight.permute({2, 3, 1, 0});  // [k, k, C, O]
  if (shape.winograd()) last = winograd_weights(last);
  std::vector<torch::Tensor> blocks;
  const auto add = [&](int64_t first, int64_t count) {
    blocks.push_back(last.narrow(3, first, count).reshape(-1));
  };
  each_conv_pool_block(shape.outputs, loops().largest_block, add);
  return torch::cat(blocks);
}

ConvPoolForward conv_pool_forward_cpu(
    const torch::Tensor& pixels,
    const torch::Tensor& weight,
    const torch::Tensor& bias,
    int64_t padding,
    bool with_winners,
    const torch::Tensor& blocks
) {
  const ConvPoolShape shape = conv_pool_shape(
      pixels.size(3), pixels.size(1), pixels.size(2), weight, padding
  );
  const int64_t count = pixels.size(0);
  ConvPoolForward result;
  const std::vector<int64_t> sizes{
      count, shape.height(), shape.width(), shape.outputs};
  result.output = torch::empty(sizes, pixels.options());
  if (with_winners)
    result.winners = torch::empty(sizes, pixels.options().dtype(torch::kUInt8));
  const torch::Tensor in_blocks =
      blocks.defined() ? blocks : conv_pool_blocks(weight);
  const torch::Tensor offsets = bias.contiguous();
  const auto* from = pixels.const_data_ptr<float>();
  const auto* weights = in_blocks.const_data_ptr<float>();
  const auto* biases = offsets.const_data_ptr<float>();
  auto* to = result.output.mutable_data_ptr<float>();
  auto* codes =
      with_winners ? result.winners.mutable_data_ptr<uint8_t>() : nullptr;
  const int64_t size = pixels.numel() / std::max<int64_t>(count, 1);
  in_parts(
      parts_of(shape, count),
      count,
      [&](int64_t, int64_t first, int64_t last) {
        PaddedPicture picture(shape, padding);
        // The loops read what they have not written, but use nothing of it.
        const torch::Tensor room = torch::empty(shape.forward_room());
        for (int64_t i = first; i < last; ++i) {
          const int64_t place = i * shape.output_size();
          loops().forward(
              shape,
              picture.read(from + i * size, false),
              weights,
              biases,
              to + place,
              codes ? codes + place : nullptr,
              room.mutable_data_ptr<float>()
          );
        }
      }
  );
  return result;
}

ConvPoolGradients conv_pool_backward_cpu(
    const torch::Tensor& pixels,
    const torch::Tensor& weight,
    const torch::Tensor& winners,
    const torch::Tensor& gradient,
    int64_t padding,
    bool with_pixels
) {
  const ConvPoolShape shape = conv_pool_shape(
      pixels.size(3), pixels.size(1), pixels.size(2), weight, padding
  );
  const int64_t count = pixels.size(0);
  const int64_t parts = parts_of(shape, count);
  const torch::Tensor filters =
      torch::empty({parts, shape.outputs, shape.filter_room()});
  const torch::Tensor biases = torch::empty({parts, shape.outputs});
  ConvPoolGradients result;
  if (with_pixels) result.pixels = torch::empty_like(pixels);
  torch::Tensor segments;
  if (with_pixels) segments = weights_in_segments(shape, weight);
  const auto* weights =
      with_pixels ? segments.const_data_ptr<float>() : nullptr;
  auto* to = with_pixels ? result.pixels.mutable_data_ptr<float>() : nullptr;
  const auto* from = pixels.const_data_ptr<float>();
  const auto* codes = winners.const_data_ptr<uint8_t>();
  const auto* slopes = gradient.const_data_ptr<float>();
  auto* filter_sums = filters.mutable_data_ptr<float>();
  auto* bias_sums = biases.mutable_data_ptr<float>();
  const int64_t size = pixels.numel() / std::max<int64_t>(count, 1);
  const int64_t filter_size = shape.outputs * shape.filter_room();
  in_parts(parts, count, [&](int64_t part, int64_t first, int64_t last) {
    std::fill_n(filter_sums + part * filter_size, filter_size, 0.0F);
    std::fill_n(bias_sums + part * shape.outputs, shape.outputs, 0.0F);
    PaddedPicture picture(shape, padding);
    PaddedPicture slope(shape, padding);
    const auto listed =
        static_cast<size_t>(kListedChannels * shape.listed_room());
    std::vector<int32_t> places(listed);
    std::vector<float> gradients(listed);
    for (int64_t i = first; i < last; ++i) {
      const int64_t place = i * shape.output_size();
      // Behind all pictures but the last there is another one.
      const bool with_overhang =
          i + 1 == count && shape.segment() % kLanes != 0;
      loops().backward(
          shape,
          picture.read(from + i * size, with_overhang),
          weights,
          slopes + place,
          codes + place,
          {places.data(), gradients.data()},
          filter_sums + part * shape.outputs * shape.filter_room(),
          bias_sums + part * shape.outputs,
          with_pixels ? slope.begin_sums(to + i * size) : nullptr
      );
      if (with_pixels) slope.end_sums(to + i * size);
    }
  });
  const OnThisThread alone;
  result.weight =
      filters.sum(0)
          .view({shape.outputs, shape.kernel, -1})
          .narrow(2, 0, shape.segment())
          .reshape({shape.outputs, shape.kernel, shape.kernel, shape.inputs})
          .permute({0, 3, 1, 2})
          .contiguous();
  result.bias = biases.sum(0);
  return result;
}

std::string conv_pool_instructions() { return loops().instructions; }

}  // namespace digitorch
