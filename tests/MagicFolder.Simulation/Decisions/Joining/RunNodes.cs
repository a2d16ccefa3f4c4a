using MagicFolder.Model.Blobs;
using MagicFolder.Model.Tree;

namespace MagicFolder.Simulation.Decisions.Joining;

/// <summary>The nodes of the trees of some runs: the same map is the same node, whoever made it.</summary>
internal sealed class RunNodes : INodeStore
{
    private readonly Dictionary<BlobId, byte[]> _nodes = [];

    public byte[] Load(BlobId id) => _nodes.TryGetValue(id, out var bytes) ? bytes : throw new MissingNodeException(id);

    public bool Contains(BlobId id) => _nodes.ContainsKey(id);

    public void Save(BlobId id, byte[] bytes) => _nodes[id] = bytes;
}
