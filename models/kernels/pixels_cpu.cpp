#include "models/kernels/pixels_cpu.h"

#include <ATen/Version.h>

#include <algorithm>
#ifdef __x86_64__
#include <immintrin.h>
#endif

#include "models/kernels/share_work.h"

namespace digitorch {
namespace {

// Pixels that are worth a piece of their own.
constexpr int64_t kPixelsOfPiece = 1 << 15;

/// The loops over pixels, compiled for a kind of processor.
struct PixelLoops {
  void (*to_unit_range)(const uint8_t* from, int64_t count, float* to);
  void (*normalise
  )(const float* from, int64_t count, float mean, float std_dev, float* to);
};

void to_unit_range_anywhere(const uint8_t* from, int64_t count, float* to) {
  for (int64_t i = 0; i < count; ++i) to[i] = static_cast<float>(from[i]) / 255;
}

void normalise_anywhere(
    const float* from, int64_t count, float mean, float std_dev, float* to
) {
  for (int64_t i = 0; i < count; ++i) to[i] = (from[i] - mean) / std_dev;
}

#ifdef __x86_64__
constexpr int64_t kPixels = 8;  // of a register of AVX2

__attribute__((target("avx2"))) void to_unit_range_avx2(
    const uint8_t* from, int64_t count, float* to
) {
  const __m256 most = _mm256_set1_ps(255);
  int64_t i = 0;
  for (; i + kPixels <= count; i += kPixels) {
    const __m128i bytes =
        _mm_loadl_epi64(reinterpret_cast<const __m128i*>(from + i));
    const __m256 numbers = _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(bytes));
    _mm256_storeu_ps(to + i, _mm256_div_ps(numbers, most));
  }
  to_unit_range_anywhere(from + i, count - i, to + i);
}

__attribute__((target("avx2"))) void normalise_avx2(
    const float* from, int64_t count, float mean, float std_dev, float* to
) {
  const __m256 means = _mm256_set1_ps(mean);
  const __m256 std_devs = _mm256_set1_ps(std_dev);
  int64_t i = 0;
  for (; i + kPixels <= count; i += kPixels) {
    const __m256 centred = _mm256_sub_ps(_mm256_loadu_ps(from + i), means);
    _mm256_storeu_ps(to + i, _mm256_div_ps(centred, std_devs));
  }
  normalise_anywhere(from + i, count - i, mean, std_dev, to + i);
}
#endif

/// ATEN_CPU_CAPABILITY in the environment is heeded, as by conv_pool.
PixelLoops choose_pixel_loops() {
#ifdef __x86_64__
  if (at::get_cpu_capability().starts_with("AVX"))
    return {to_unit_range_avx2, normalise_avx2};
#endif
  return {to_unit_range_anywhere, normalise_anywhere};
}

const PixelLoops& pixel_loops() {
  static const PixelLoops chosen = choose_pixel_loops();
  return chosen;
}

}  // namespace

torch::Tensor fetched_pixels(
    const torch::Tensor& images, const torch::Tensor& indices
) {
  std::vector<int64_t> sizes = images.sizes().vec();
  const int64_t count = sizes[0];
  sizes[0] = indices.size(0);
  torch::Tensor result =
      torch::empty(sizes, images.options().dtype(torch::kFloat32));
  const int64_t size = images.stride(0);
  const auto* from = images.const_data_ptr<uint8_t>();
  const auto* chosen = indices.const_data_ptr<int64_t>();
  auto* to = result.mutable_data_ptr<float>();
  const int64_t length = rows_of_piece(kPixelsOfPiece, size);
  share_rows(sizes[0], length, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; ++i) {
      TORCH_CHECK_INDEX(
          0 <= chosen[i] && chosen[i] < count,
          "expected an index below ",
          count,
          ", found ",
          chosen[i]
      );
      pixel_loops().to_unit_range(from + chosen[i] * size, size, to + i * size);
    }
  });
  return result;
}

torch::Tensor normalised_pixels(
    const torch::Tensor& pixels, double mean, double std_dev
) {
  TORCH_INTERNAL_ASSERT(pixels.dim() == 4 && pixels.stride(3) == 1);
  torch::Tensor result = torch::empty(pixels.sizes(), pixels.options());
  const bool whole = pixels.is_contiguous();  // then a picture is one long row
  const int64_t picture = pixels.numel() / std::max<int64_t>(pixels.size(0), 1);
  const int64_t width = whole ? picture : pixels.size(3);
  const int64_t rows = whole ? 1 : pixels.size(2);
  const int64_t planes = whole ? 1 : pixels.size(1);
  const auto* from = pixels.const_data_ptr<float>();
  auto* to = result.mutable_data_ptr<float>();
  const auto normalise_picture = [&](int64_t i) {
    float* next = to + i * picture;
    for (int64_t plane = 0; plane < planes; ++plane)
      for (int64_t y = 0; y < rows; ++y, next += width)
        pixel_loops().normalise(
            from + i * pixels.stride(0) + plane * pixels.stride(1) +
                y * pixels.stride(2),
            width,
            static_cast<float>(mean),
            static_cast<float>(std_dev),
            next
        );
  };
  const int64_t length = rows_of_piece(kPixelsOfPiece, picture);
  share_rows(pixels.size(0), length, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; ++i) normalise_picture(i);
  });
  return result;
}

}  // namespace digitorch
