// Picture files made for tests: digits drawn and encoded by OpenCV, and what
// OpenCV cannot write put together by hand.
#pragma once

#include <opencv2/core.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace digitorch::testing {

/// A 5 in black on white, upright, in the middle of side x side pixels, 8 bits
/// grey; it has no symmetry that hides a turn or a mirror.
cv::Mat draw_digit(int side);

/// extension: ".png"; parameters: cv::ImwriteFlags and values.
std::string encode(
    const std::string& extension,
    const cv::Mat& image,
    const std::vector<int>& parameters = {}
);

/// The most significant byte first.
std::string big_endian(uint32_t value, int bytes);
/// The least significant byte first.
std::string little_endian(uint32_t value, int bytes);

/// A PNG chunk with its length and checksum.
std::string png_chunk(const std::string& type, const std::string& data);

/// A PNG. samples: its rows, each behind a filter byte; extra: chunks between
/// the header and the data.
std::string make_png(
    int width,
    int height,
    int depth,
    int colour_type,
    const std::string& samples,
    const std::string& extra = ""
);

/// A big-endian TIFF: `pixels` from byte 8 on, then one directory of the tags,
/// in rising order, each with one number. next: the offset of another
/// directory.
std::string make_tiff(
    const std::vector<std::pair<int, uint32_t>>& tags,
    const std::string& pixels,
    uint32_t next = 0
);

/// The tags of a TIFF of 8 bits grey in one strip of `packed` bytes.
std::vector<std::pair<int, uint32_t>> grey_tiff_tags(
    uint32_t width, uint32_t height, uint32_t packed, uint32_t compression = 1
);

/// An EXIF block that says nothing but the orientation.
std::string exif_block(int orientation);

/// The JPEG with an APP1 segment, "Exif" and `block`, behind its first marker.
std::string with_exif(const std::string& jpeg, const std::string& block);

/// A JPEG of four inks, whose planes are JPEGs of one channel and equal size.
std::string make_cmyk_jpeg(const std::vector<std::string>& planes);

}  // namespace digitorch::testing
