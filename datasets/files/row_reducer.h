// A picture made smaller while it is decoded, row by row, so that it is never
// in memory as a whole.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

#include "datasets/files/image.h"

namespace digitorch {

class RowReducer {
 public:
  /// size and type: of the rows that come, 8 or 16 bits. They are reduced as
  /// reduction_to() says, each pixel the mean of the square that it stands for.
  RowReducer(cv::Size size, int type);

  /// Where to write the next row, size.width pixels of the type.
  uint8_t* row();

  /// The row is complete.
  void next();

  /// Requires that all rows are complete. Leaves nothing behind.
  Image take();

 private:
  template <typename T>
  void add();
  template <typename T>
  void store();

  cv::Size size_;
  int type_;
  Image image_;
  cv::Mat full_row_;            // What row() gives where rows are reduced.
  std::vector<uint32_t> sums_;  // Of the rows of one reduced row.
  int rows_ = 0;                // Complete ones.
};

}  // namespace digitorch
