using MagicFolder.Grid.Placement;
using MagicFolder.Grid.Servers;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Grid;

public sealed partial class TahoeGrid
{
    private const int MaxRounds = 4;

    /// <summary>
    /// Brings a version to all servers. The first of them decides who came first among several writers, for all ask it first; the others follow at the same time. What another
    /// version has come to meanwhile is looked at again.
    /// </summary>
    /// <param name="cap">The object.</param>
    /// <param name="version">The version.</param>
    /// <param name="wanted">What is in it.</param>
    /// <param name="survey">What is to be replaced. Its shares are closed.</param>
    /// <param name="tests">What the servers must show in the places of shares, if it was looked at before the survey; null: what they showed then.</param>
    /// <param name="cancel">Stops between requests.</param>
    /// <param name="round">How often this was tried before.</param>
    /// <exception cref="GridException">
    /// <see cref="GridFailure.UncoordinatedWrite"/>: another version is there. Or too few servers have it; then it may be repeated.
    /// </exception>
    private async Task WriteAsync(
        MutableWriteCap cap, VersionToWrite version, WantedContent wanted, MutableSurvey survey, ShownShares? tests, CancellationToken cancel, int round = 0)
    {
        await survey.DisposeAsync();
        var writing = new MutableWriting(cap, version, survey, tests);
        RequireHappiness(cap, survey.Roll, writing.Expected, version.N);
        if (await writing.RunAsync(cancel))
        {
            RequireHappiness(cap, survey.Roll, writing.Reached, version.N);
            return;
        }

        await using var now = await LookAsync(cap.ToReadCap(), forWriting: false, everyByte: false, cancel);
        if (now.Best is null && !IsSingle)
        {
            throw Uncoordinated(cap, now.Map.HighestSeqnum, version.Seqnum);
        }

        var reader = now.OpenBest(cap.ToReadCap());
        var found = now.Best!;
        if (found.Seqnum != version.Seqnum || round == MaxRounds || !await IsInAsync(wanted, reader, now, cancel))
        {
            throw Uncoordinated(cap, found.Seqnum, version.Seqnum);
        }

        // Ours is the best, and somebody has another one somewhere. If it came by another attempt, that one is brought to all.
        var next = version.IsWhole && found.RootHash == version.RootHash ? version : await RemakeAsync(now, cancel);
        await RenewLeaseAsync(cap.StorageIndex, cancel);
        await WriteAsync(cap, next, wanted, now, writing.Shown, cancel, round + 1);
    }

    private void RequireHappiness(MutableWriteCap cap, ServerRoll roll, IReadOnlyList<ServerHoldings> holdings, int n)
    {
        var happy = Math.Min(_spread.Happy, n);
        var happiness = SharePlacement.Happiness(holdings, n);
        if (happiness < happy)
        {
            throw roll.TooFew($"The shares of {cap.StorageIndex} reach {happiness} of {roll.All} servers, and {happy} are needed (happy).");
        }
    }

    /// <summary>What each server shows in the places of shares, as a test sees it. Servers that fail show nothing.</summary>
    private async Task<ShownShares> LookForTestsAsync(MutableWriteCap cap, CancellationToken cancel)
    {
        var index = cap.StorageIndex;
        var roll = await CallAsync(index, cancel);
        var shown = new ShownShares();
        foreach (var server in roll.Servers)
        {
            try
            {
                var answer = await server.Server.ReadTestWriteAsync(
                    index, WriteEnabler.Derive(cap.WriteKey, server.Server.Identity.NodeId), server.LeaseFor(index),
                    new ReadTestWriteRequest([], [new ReadVector(0, SeenShare.TestedLength)]), cancel);
                shown.Add(server, answer);
            }
            catch (GridException e)
            {
                roll.Add(server, e);
            }
        }

        return roll.Troubles.Count == 1 && roll.All == 1 ? throw roll.Troubles[0].Error : shown;
    }
}
