using MagicFolder.Model.Blobs;
using MagicFolder.Model.Tree;

namespace MagicFolder.Model.Tests.Tree;

/// <summary>Keeps nodes in memory, and counts.</summary>
internal sealed class MemoryNodeStore : INodeStore
{
    private readonly Dictionary<BlobId, byte[]> _nodes = [];

    public int Loads { get; set; }

    public int Saves { get; set; }

    public IReadOnlyDictionary<BlobId, byte[]> Nodes => _nodes;

    public byte[] Load(BlobId id)
    {
        Loads++;
        return _nodes.TryGetValue(id, out var bytes) ? bytes : throw new MissingNodeException(id);
    }

    public bool Contains(BlobId id) => _nodes.ContainsKey(id);

    public void Save(BlobId id, byte[] bytes)
    {
        BlobId.Of(bytes).ShouldBe(id);
        Saves++;
        _nodes[id] = bytes;
    }

    /// <summary>The same nodes, and nothing cached of them.</summary>
    public MemoryNodeStore Fresh()
    {
        var copy = new MemoryNodeStore();
        foreach (var (id, bytes) in _nodes) copy._nodes.Add(id, bytes);
        return copy;
    }

    /// <summary>Stores bytes under their hash, whatever they are.</summary>
    public BlobId Plant(byte[] bytes)
    {
        var id = BlobId.Of(bytes);
        _nodes[id] = bytes;
        return id;
    }
}
