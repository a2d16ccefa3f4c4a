using System.Collections.Immutable;

namespace MagicFolder.Grid;

/// <summary>What a look at every byte of every share of an object has found.</summary>
/// <param name="Object">The storage index; empty for a literal, which needs no share.</param>
/// <param name="K">How many shares are needed; of a mutable object that of its best version, 0 if there is none.</param>
/// <param name="N">How many shares there are to be; likewise.</param>
/// <param name="Shares">By number, then server.</param>
/// <param name="Versions">Of a mutable object, newest first; empty for an immutable one.</param>
/// <param name="Failing">Servers that could not be asked: what they have is not known.</param>
/// <param name="Happiness">How many servers have a sound share of their own (of the best version).</param>
/// <param name="IsRecoverable">It can be read.</param>
/// <param name="IsHealthy">
/// Nothing needs repair: all n shares are there and sound, on as many servers of their own as the grid asks for (happy), and of a mutable object there is no other version.
/// </param>
public sealed record GridCheck(
    string Object,
    int K,
    int N,
    ImmutableArray<CheckedShare> Shares,
    ImmutableArray<CheckedVersion> Versions,
    ImmutableArray<ServerTrouble> Failing,
    int Happiness,
    bool IsRecoverable,
    bool IsHealthy)
{
    /// <summary>Of a literal: it stands in its cap.</summary>
    public static GridCheck Literal { get; } = new("", 0, 0, [], [], [], 0, IsRecoverable: true, IsHealthy: true);

    /// <summary>The shares that count: sound, and of the best version.</summary>
    public IEnumerable<CheckedShare> Sound => Shares.Where(share => share.IsSound && share.Version == BestVersion);

    /// <summary>Numbers of which no server that answers has a sound share.</summary>
    public ImmutableArray<int> Missing => [.. Enumerable.Range(0, N).Except(Sound.Select(share => share.Number))];

    private long? BestVersion => Versions.FirstOrDefault(version => version.IsRecoverable)?.Seqnum;
}

/// <summary>One share on one server.</summary>
/// <param name="Number">From 0; -1 where a server shows no shares but something else.</param>
/// <param name="Server">Its name.</param>
/// <param name="Damage">What is wrong with it; null if it is sound.</param>
/// <param name="Version">The seqnum of a sound share of a mutable object; null otherwise.</param>
public sealed record CheckedShare(int Number, string Server, string? Damage, long? Version)
{
    public bool IsSound => Damage is null;
}

/// <summary>A version of a mutable object.</summary>
/// <param name="Seqnum">From 1.</param>
/// <param name="Shares">How many different sound shares there are.</param>
/// <param name="K">How many are needed.</param>
/// <param name="N">How many there are to be.</param>
public sealed record CheckedVersion(long Seqnum, int Shares, int K, int N)
{
    public bool IsRecoverable => Shares >= K;
}
