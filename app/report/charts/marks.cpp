#include "app/report/charts/marks.h"

#include <algorithm>
#include <utility>

namespace digitorch {

void add_mark(
    Drawing& drawing, Point at, std::size_t form, Color color, double radius
) {
  const double r = radius;
  const auto lines = [&](std::vector<Point> points) {
    for (Point& point : points) point = {at.x + point.x, at.y + point.y};
    drawing.add(Polyline{points, {color, std::max(1.0, r * 0.45)}});
  };
  const double half = r * 0.9;
  switch (form % 7) {
    case 0:
      drawing.add(Circle{at, r, color});
      break;
    case 1:
      drawing.add(Rectangle{
          {at.x - half, at.y - half}, {2 * half, 2 * half}, color});
      break;
    case 2:
      drawing.add(Circle{at, r, color, r * 0.6});
      break;
    case 3:
      lines({{0, -r}, {r, r * 0.8}, {-r, r * 0.8}, {0, -r}});
      break;
    case 4:
      lines(
          {{-half, -half},
           {half, -half},
           {half, half},
           {-half, half},
           {-half, -half}}
      );
      break;
    case 5:
      lines({{-r, -r}, {r, r}});
      lines({{-r, r}, {r, -r}});
      break;
    default:
      lines({{-r, 0}, {r, 0}});
      lines({{0, -r}, {0, r}});
  }
}

}  // namespace digitorch
