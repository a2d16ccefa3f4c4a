namespace MagicFolder.Grid.Placement;

/// <summary>What is known of one server and the shares of one object.</summary>
internal sealed class ServerHoldings
{
    /// <summary>Numbers of the sound shares that it holds.</summary>
    public HashSet<int> Held { get; } = [];

    /// <summary>Numbers in whose places something else stands, so that it cannot take these.</summary>
    public HashSet<int> Blocked { get; } = [];

    /// <summary>Whether it takes any share.</summary>
    public bool TakesShares { get; set; } = true;

    public bool MayHave(int share) => Held.Contains(share) || (TakesShares && !Blocked.Contains(share));
}
