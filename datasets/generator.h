// Random generators of one's own, apart from LibTorch's global one: what is
// drawn from them depends on nothing else that the program drew.
#pragma once

#include <ATen/CPUGeneratorImpl.h>
#include <torch/types.h>

#include <cstdint>

namespace digitorch {

/// A generator on the CPU for each pair of numbers. LibTorch's Mersenne twister
/// starts from the lower 32 bits of its seed alone, so both numbers are mixed
/// into those, by splitmix64 (Steele, Lea, Flood 2014).
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
