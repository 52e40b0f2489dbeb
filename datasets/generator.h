// Random generators apart from LibTorch's default one, so that numbers drawn
// from them do not depend on what else the program draws.
#pragma once

#include <ATen/CPUGeneratorImpl.h>
#include <torch/types.h>

#include <cstdint>

namespace digitorch {

/// A generator on the CPU that is seeded with both numbers. LibTorch's Mersenne
/// twister uses the lower 32 bits of its seed only, so both are mixed into
/// these by splitmix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom
/// Number Generators", 2014).
inline at::Generator make_generator(uint64_t seed, uint64_t stream = 0) {
  const auto mix = [](uint64_t x) {
    x += 0x9E3779B97F4A7C15;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
    return x ^ (x >> 31);
  };
  return at::make_generator<at::CPUGeneratorImpl>(mix(mix(seed) ^ stream));
}

}  // namespace digitorch
