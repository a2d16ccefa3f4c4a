using MagicFolder.Model.Blobs;
using MagicFolder.Model.Tree;

namespace MagicFolder.Fuzzing.Targets;

/// <summary>Tree nodes in memory.</summary>
internal sealed class NodeBag : INodeStore
{
    private readonly Dictionary<BlobId, byte[]> _nodes = [];

    public byte[] Newest { get; private set; } = [];

    public byte[] Load(BlobId id) => _nodes.TryGetValue(id, out var bytes) ? bytes : throw new MissingNodeException(id);

    public bool Contains(BlobId id) => _nodes.ContainsKey(id);

    public void Save(BlobId id, byte[] bytes) => _nodes[id] = Newest = bytes;
}
