// CIFAR-10 in its binary form: files of records, each a byte for the class and
// the red, green and blue planes of 32x32 pixels.
// https://www.cs.toronto.edu/~kriz/cifar.html describes it.
#pragma once

#include <filesystem>

#include "datasets/image_set.h"

namespace digitorch {

struct CifarSet {
  ImageSet train;  ///< Empty where it was not asked for or is not there.
  ImageSet test;   ///< Empty where it is not there.
};

/// Whether the folder holds data_batch_1.bin, ..., or test_batch.bin.
bool holds_cifar(const std::filesystem::path& folder);

/// Reads them, the training batches only `with_train`. The classes have the
/// names in batches.meta.txt, or else CIFAR-10's own. Throws std::runtime_error
/// for a file that is not whole records with labels from 0 to 9, and
/// std::system_error for what the system refuses to read.
CifarSet read_cifar(const std::filesystem::path& folder, bool with_train);

}  // namespace digitorch
