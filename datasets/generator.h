// Random generators apart from LibTorch's default one, so that numbers drawn
// from them do not depend on what else the program draws.
#pragma once

#include <ATen/CPUGeneratorImpl.h>
#include <torch/types.h>

#include <cstdint>

namespace digitorch {

/// A seed made of two numbers, each bit of which depends on all of theirs, by
/// splitmix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number
/// Generators", 2014).
inline uint64_t mixed_seed(uint64_t seed, uint64_t stream) {
  const auto mix = [](uint64_t x) {
    x += 0x9E3779B97F4A7C15;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
    return x ^ (x >> 31);
  };
  return mix(mix(seed) ^ stream);
}

/// A generator on the CPU that is seeded with both numbers. LibTorch's Mersenne
/// twister uses the lower 32 bits of its seed only, so both are mixed into
/// these.
inline at::Generator make_generator(uint64_t seed, uint64_t stream = 0) {
  return at::make_generator<at::CPUGeneratorImpl>(mixed_seed(seed, stream));
}

}  // namespace digitorch
