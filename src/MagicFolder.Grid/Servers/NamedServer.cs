using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Grid.Servers;

/// <summary>An open server and its name for messages.</summary>
internal sealed record NamedServer(string Name, IShareServer Server, byte[] LeaseSecret)
{
    /// <summary>The secrets of this client's lease on an object at this server.</summary>
    public LeaseSecrets LeaseFor(StorageIndex index) => LeaseSecrets.Derive(LeaseSecret, index, Server.Identity.NodeId);

    public override string ToString() => Name;
}
