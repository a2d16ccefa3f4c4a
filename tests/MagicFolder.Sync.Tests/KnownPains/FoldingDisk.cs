using System.Text;
using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;

namespace MagicFolder.Sync.Tests.KnownPains;

/// <summary>A disk that keeps names as they were given and finds them by another spelling, as those of macOS and Windows do.</summary>
internal sealed class FoldingDisk(IDisk inner, Func<string, string> fold) : IDisk
{
    internal static FoldingDisk OfCase(IDisk inner) => new(inner, name => name.ToUpperInvariant());

    /// <summary>Enough of a normalization for one letter: the decomposed one is found by the composed one.</summary>
    internal static FoldingDisk OfNormalization(IDisk inner) => new(inner, name => name.Replace("e\u0301", "\u00e9", StringComparison.Ordinal));

    public DiskStat? Stat(RelativePath path) => inner.Stat(Real(path));

    public IReadOnlyList<DiskName> List(RelativePath directory) => inner.List(Real(directory));

    public IDiskFile OpenRead(RelativePath path) => inner.OpenRead(Real(path));

    public byte[] ReadLink(RelativePath path) => inner.ReadLink(Real(path));

    public IDiskFile CreateFile(RelativePath path, int mode) => inner.CreateFile(Real(path), mode);

    public void CreateDirectory(RelativePath path, int mode) => inner.CreateDirectory(Real(path), mode);

    public void CreateSymlink(RelativePath path, ReadOnlySpan<byte> target) => inner.CreateSymlink(Real(path), target);

    public void Move(RelativePath from, RelativePath to, MoveKind kind) => inner.Move(Real(from), Real(to), kind);

    public void Remove(RelativePath path) => inner.Remove(Real(path));

    public void RemoveDirectory(RelativePath path) => inner.RemoveDirectory(Real(path));

    public void SetAttributes(RelativePath path, long? mtimeNs, int? mode) => inner.SetAttributes(Real(path), mtimeNs, mode);

    public void SetDirectoryAttributes(RelativePath path, long mtimeNs, int mode) => inner.SetDirectoryAttributes(Real(path), mtimeNs, mode);

    public void Flush(IReadOnlyCollection<RelativePath> paths) => inner.Flush([.. paths.Select(Real)]);

    public void FlushAll() => inner.FlushAll();

    public bool MayHaveWriters(RelativePath file) => inner.MayHaveWriters(Real(file));

    public void Dispose() => inner.Dispose();

    /// <summary>The path as the disk has it: each name under the spelling that is there, if one is.</summary>
    private RelativePath Real(RelativePath path)
    {
        if (path.IsRoot) return path;
        var parent = Real(path.Parent);
        if (inner.Stat(parent) is not { Kind: DiskKind.Directory }) return parent.Child(path.Name);
        string wanted = fold(path.Name);
        foreach (var there in inner.List(parent))
            if (fold(Encoding.UTF8.GetString(there.Name)) == wanted) return parent.Child(Encoding.UTF8.GetString(there.Name));
        return parent.Child(path.Name);
    }
}
