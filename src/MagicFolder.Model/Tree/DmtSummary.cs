using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Tree;

/// <summary>
/// Sums over entries. An entry counts once, as the kind and with the size of its sibling with the greatest dot.
/// <paramref name="Bytes"/> stays at <see cref="long.MaxValue"/> once it gets there. <c>default</c> is that of the empty tree.
/// </summary>
public readonly record struct DmtSummary(long Files, long Directories, long Symlinks, long Conflicts, long Bytes)
{
    public long Entries => Files + Directories + Symlinks;

    public static DmtSummary Of(Entry entry)
    {
        var shown = entry.Siblings[^1].Value;
        return new DmtSummary(
            shown.Kind == EntryKind.File ? 1 : 0,
            shown.Kind == EntryKind.Directory ? 1 : 0,
            shown.Kind == EntryKind.Symlink ? 1 : 0,
            entry.IsConflict ? 1 : 0,
            shown.Size);
    }

    // Saturating addition of numbers that are not negative is associative, so a sum of sums is the sum however the tree is cut.
    public static DmtSummary operator +(DmtSummary x, DmtSummary y) => new(
        Sum(x.Files, y.Files),
        Sum(x.Directories, y.Directories),
        Sum(x.Symlinks, y.Symlinks),
        Sum(x.Conflicts, y.Conflicts),
        Sum(x.Bytes, y.Bytes));

    private static long Sum(long x, long y) => x > long.MaxValue - y ? long.MaxValue : x + y;
}
