// Which places of a convolution have a gradient: those that won their pooling
// window, unless ReLU gave zero. They are listed channel by channel, while
// gradients and winners lie in memory window by window.
//
// Only conv_pool_loops_body.h includes this; see conv_pool_vectors.h.
#pragma once

#include "models/kernels/conv_pool_vectors.h"

namespace digitorch {

// The places of one channel, in the order of Window::step().
struct ListedPlaces {
  const int32_t* places;   // offset of a place's first segment in the input
  const float* gradients;  // of that place
  int64_t count;
};

// A pooling window, at first the upper left one.
struct Window {
  int64_t y = 0;
  int64_t x = 0;

  // To the next one: every other window of each row, and then the others. What
  // neighbours write overlaps, and so the processor has finished with one
  // before it comes to the other.
  DIGITORCH_INLINE void step(const ConvPoolShape& shape) {
    x += 2;
    if (x < shape.width()) return;
    x %= 2;
    if (++y < shape.height() || x == 1 || shape.width() == 1) return;
    y = 0;
    x = 1;
  }
};

#ifdef __AVX512F__
// Rows of 16 numbers become columns.
DIGITORCH_INLINE void transpose(__m512i (&rows)[16]) {
  __m512i pairs[16];
  for (int i = 0; i < 16; i += 2) {
    pairs[i] = _mm512_unpacklo_epi32(rows[i], rows[i + 1]);
    pairs[i + 1] = _mm512_unpackhi_epi32(rows[i], rows[i + 1]);
  }
  // Of fours[4 i + j], quarter q holds column 4 q + j of rows 4 i to 4 i + 3.
  __m512i fours[16];
  for (int i = 0; i < 16; i += 4)
    for (int j = 0; j < 2; ++j) {
      fours[i + 2 * j] = _mm512_unpacklo_epi64(pairs[i + j], pairs[i + j + 2]);
      fours[i + 2 * j + 1] =
          _mm512_unpackhi_epi64(pairs[i + j], pairs[i + j + 2]);
    }
  constexpr int kEven = 0x88;  // quarters 0 and 2 of both
  constexpr int kOdd = 0xDD;
  for (int j = 0; j < 4; ++j) {
    const __m512i* const four = fours + j;
    const __m512i even_low = _mm512_shuffle_i32x4(four[0], four[4], kEven);
    const __m512i even_high = _mm512_shuffle_i32x4(four[8], four[12], kEven);
    const __m512i odd_low = _mm512_shuffle_i32x4(four[0], four[4], kOdd);
    const __m512i odd_high = _mm512_shuffle_i32x4(four[8], four[12], kOdd);
    rows[j] = _mm512_shuffle_i32x4(even_low, even_high, kEven);
    rows[4 + j] = _mm512_shuffle_i32x4(odd_low, odd_high, kEven);
    rows[8 + j] = _mm512_shuffle_i32x4(even_low, even_high, kOdd);
    rows[12 + j] = _mm512_shuffle_i32x4(odd_low, odd_high, kOdd);
  }
}

// Gradients come from far away in memory, and are fetched that many windows
// before they are read.
constexpr int64_t kAhead = 32;

// The next sixteen windows, which `window` steps over, of those channels: the
// places of their winners, -1 where a window has none, and their gradients,
// which are added to sums.
DIGITORCH_INLINE void read_windows(
    const ConvPoolShape& shape,
    const float* gradient,
    const uint8_t* winners,
    __mmask16 channels,
    Window& window,
    __m512i (&places)[16],
    __m512i (&gradients)[16],
    __m512& sums
) {
  const auto row = static_cast<int32_t>(shape.row());
  const auto step = static_cast<int32_t>(shape.inputs);
  // What a winner, 0 .. kDead, adds to its window's corner.
  const __m512i offsets = _mm512_setr_epi32(
      0, step, row, row + step, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
  );
  const __m512i none = _mm512_set1_epi32(-1);
  for (int64_t i = 0; i < 16; ++i) {
    places[i] = gradients[i] = none;
    if (window.y >= shape.height()) continue;
    const auto corner =
        static_cast<int32_t>(2 * (window.y * row + window.x * step));
    const int64_t at = (window.y * shape.width() + window.x) * shape.outputs;
    window.step(shape);
    __builtin_prefetch(gradient + at + kAhead * shape.outputs);
    const __m512i codes =
        _mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(channels, winners + at));
    const __m512 values = _mm512_maskz_loadu_ps(channels, gradient + at);
    const __mmask16 counted =
        _mm512_cmpneq_epi32_mask(codes, _mm512_set1_epi32(kDead));
    places[i] = _mm512_mask_add_epi32(
        none,
        counted,
        _mm512_permutexvar_epi32(codes, offsets),
        _mm512_set1_epi32(corner)
    );
    gradients[i] = _mm512_castps_si512(values);
    sums = _mm512_mask_add_ps(sums, counted, sums, values);
  }
}

// See below. Sixteen windows at once: each channel's numbers are brought side
// by side, and those that count are pushed together.
static void list_places(
    const ConvPoolShape& shape,
    const float* gradient,
    const uint8_t* winners,
    int64_t channels,
    const ConvPoolRoom& room,
    int64_t* counts,
    float* bias
) {
  const auto there = static_cast<__mmask16>((1 << channels) - 1);
  __m512 sums = _mm512_maskz_loadu_ps(there, bias);
  for (int64_t c = 0; c < channels; ++c) counts[c] = 0;
  Window window;
  for (int64_t i = 0; i < shape.height() * shape.width(); i += 16) {
    __m512i places[16];
    __m512i gradients[16];
    read_windows(
        shape, gradient, winners, there, window, places, gradients, sums
    );
    transpose(places);
    transpose(gradients);
    for (int64_t c = 0; c < channels; ++c) {
      const auto counted =
          static_cast<__mmask16>(~_mm512_movepi32_mask(places[c]));
      const int64_t at = c * shape.listed_room() + counts[c];
      const auto keep = [&](void* to, __m512i all) {
        _mm512_storeu_si512(to, _mm512_maskz_compress_epi32(counted, all));
      };
      keep(room.places + at, places[c]);
      keep(room.gradients + at, gradients[c]);
      counts[c] += __builtin_popcount(counted);
    }
  }
  _mm512_mask_storeu_ps(bias, there, sums);
}
#else
// value, or 0. A branch would be unpredictable, and compilers make one of a
// choice.
DIGITORCH_INLINE float value_if(bool counted, float value) {
  uint32_t bits;
  __builtin_memcpy(&bits, &value, sizeof bits);
  bits &= 0U - static_cast<uint32_t>(counted);
  __builtin_memcpy(&value, &bits, sizeof bits);
  return value;
}

// Lists the places of the first `channels`, at most kListedChannels, writes how
// many each has to counts, and adds its gradients to bias. gradient, winners
// and bias are those of the first channel.
static void list_places(
    const ConvPoolShape& shape,
    const float* gradient,
    const uint8_t* winners,
    int64_t channels,
    const ConvPoolRoom& room,
    int64_t* counts,
    float* bias
) {
  const auto row = static_cast<int32_t>(shape.row());
  const auto step = static_cast<int32_t>(shape.inputs);
  const int32_t offsets[] = {0, step, row, row + step, 0};
  const int64_t width = shape.width();
  for (int64_t c = 0; c < channels; ++c) {
    int32_t* const places = room.places + c * shape.listed_room();
    float* const gradients = room.gradients + c * shape.listed_room();
    int64_t count = 0;
    float sum = bias[c];
    for (Window window; window.y < shape.height(); window.step(shape)) {
      const auto corner =
          static_cast<int32_t>(2 * (window.y * row + window.x * step));
      const int64_t at = (window.y * width + window.x) * shape.outputs + c;
      const uint8_t winner = winners[at];
      const float value = gradient[at];
      const bool counted = winner != kDead;
      places[count] = corner + offsets[winner];
      gradients[count] = value;
      count += counted;
      sum += value_if(counted, value);
    }
    counts[c] = count;
    bias[c] = sum;
  }
}
#endif

}  // namespace digitorch
