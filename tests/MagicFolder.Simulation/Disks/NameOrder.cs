using System.Text;

namespace MagicFolder.Simulation.Disks;

/// <summary>Which names a disk takes for one, and their order in a directory. All keep a name as it was given.</summary>
internal sealed class NameOrder : IComparer<byte[]>
{
    /// <summary>Every spelling is a name of its own, as on most disks of Linux.</summary>
    public static readonly NameOrder Exact = new(null);

    /// <summary>Case makes no difference, as on NTFS.</summary>
    public static readonly NameOrder FoldsCase = new(name => name.ToUpperInvariant());

    /// <summary>Neither case nor composition does, as on APFS. Enough of a normalization for one letter.</summary>
    public static readonly NameOrder FoldsAll = new(name => name.Replace("e\u0301", "\u00e9", StringComparison.Ordinal).ToUpperInvariant());

    private readonly Func<string, string>? _fold;

    private NameOrder(Func<string, string>? fold) => _fold = fold;

    public bool IsExact => _fold is null;

    /// <summary>The same for all that this disk takes for one.</summary>
    public string Fold(string path) => _fold is null ? path : _fold(path);

    public int Compare(byte[]? x, byte[]? y) =>
        _fold is null ? x.AsSpan().SequenceCompareTo(y) : string.CompareOrdinal(_fold(Encoding.UTF8.GetString(x ?? [])), _fold(Encoding.UTF8.GetString(y ?? [])));
}
