// Debugging information, with strings and abbreviations.
struct Node { Node* next; int value; };
namespace list {
template <typename F> int each(Node* n, F f) { int s = 0; for (; n; n = n->next) s += f(n->value); return s; }
}
extern "C" int debug_sum(Node* n) { return list::each(n, [](int v) { return v * 2; }); }
