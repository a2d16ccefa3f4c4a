namespace MagicFolder.Grid.Servers;

/// <summary>
/// What a server is known by: the 20 bytes that write enablers and lease secrets are made for, and the seed that orders servers for a storage index
/// (specification of the storage server, section 5). Not secret.
/// </summary>
public sealed class ServerIdentity
{
    public const int NodeIdSize = 20;

    private readonly byte[] _nodeId;
    private readonly byte[] _permutationSeed;

    public ServerIdentity(ReadOnlySpan<byte> nodeId, ReadOnlySpan<byte> permutationSeed)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(nodeId.Length, NodeIdSize);
        _nodeId = nodeId.ToArray();
        _permutationSeed = permutationSeed.ToArray();
    }

    public ReadOnlySpan<byte> NodeId => _nodeId;

    public ReadOnlySpan<byte> PermutationSeed => _permutationSeed;

    public override string ToString() => Convert.ToHexStringLower(_nodeId);
}
