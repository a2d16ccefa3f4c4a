using System.Text;
using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;

namespace MagicFolder.Simulation.Decisions.Planning;

/// <summary>A few things under their paths. Where nothing can be reached there is nothing: it never throws.</summary>
/// <param name="folds">Does it take names for one that differ in case only?</param>
internal sealed class TinyDisk(bool folds) : IDiskReader
{
    private readonly SortedList<RelativePath, TinyNode> _nodes = [];
    private ulong _made;

    public IList<RelativePath> Paths => _nodes.Keys;

    public IList<TinyNode> Nodes => _nodes.Values;

    public bool Folds => folds;

    public TinyNode? Find(RelativePath path)
    {
        if (_nodes.TryGetValue(path, out var node)) return node;
        return folds && Spelling(path) is { } other ? _nodes[other] : null;
    }

    /// <summary>Exactly this spelling.</summary>
    public TinyNode? FindExact(RelativePath path) => _nodes.GetValueOrDefault(path);

    public bool IsDirectory(RelativePath path) => path.IsRoot || Find(path) is { Kind: DiskKind.Directory };

    public bool HoldsSomething(RelativePath directory)
    {
        foreach (var path in _nodes.Keys)
            if (path.IsUnder(directory)) return true;
        return false;
    }

    public void Put(RelativePath path, TinyNode node)
    {
        if (!IsDirectory(path.Parent)) throw new DecisionFailure($"{path} was put where no directory is.");
        node.Inode = ++_made;
        Changed(node);
        _nodes[path] = node;
    }

    public void Changed(TinyNode node) => node.CtimeNs = (long)++_made;

    public void Remove(RelativePath path) => _nodes.Remove(path);

    public DiskStat? Stat(RelativePath path) => Find(path)?.Stat;

    public IReadOnlyList<DiskName> List(RelativePath directory)
    {
        var names = new List<DiskName>();
        foreach (var (path, node) in _nodes)
            if (Same(path.Parent, directory)) names.Add(new DiskName(path.NameUtf8.ToArray(), node.Stat, default));
        return names;
    }

    public IDiskFile OpenRead(RelativePath path) => throw new NotSupportedException();

    public byte[] ReadLink(RelativePath path) => throw new NotSupportedException();

    /// <summary>Would this disk take them for one?</summary>
    public bool Same(RelativePath left, RelativePath right) => left == right || (folds && Ascii.EqualsIgnoreCase(left.Key, right.Key));

    private RelativePath? Spelling(RelativePath path)
    {
        foreach (var there in _nodes.Keys)
            if (Ascii.EqualsIgnoreCase(there.Key, path.Key)) return there;
        return null;
    }
}
