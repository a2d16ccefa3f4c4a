using MagicFolder.Grid.Placement;
using MagicFolder.Grid.Servers;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Grid;

public sealed partial class TahoeGrid
{
    private const int MaxRounds = 4;

    /// <summary>
    /// Brings a version to all servers. The first of them decides who came first among several writers, for all ask it first; the others follow at the same time. What another
    /// version has come to meanwhile is looked at again.
    /// </summary>
    /// <param name="cap">The object.</param>
    /// <param name="publication">The version.</param>
    /// <param name="content">What is in it.</param>
    /// <param name="survey">What is to be replaced.</param>
    /// <param name="tests">What the servers must show in the places of shares, if it was looked at before the survey; null: what they showed then.</param>
    /// <param name="cancel">Stops between requests.</param>
    /// <exception cref="GridException">
    /// <see cref="GridFailure.UncoordinatedWrite"/>: another version is there. Or too few servers have it; then it may be repeated.
    /// </exception>
    private async Task WriteAsync(
        MutableWriteCap cap, SdmfPublication publication, ReadOnlyMemory<byte> content, MutableSurvey survey, ShownShares? tests, CancellationToken cancel)
    {
        for (var round = 0; ; round++)
        {
            var writing = new MutableWriting(cap, publication, survey, tests);
            RequireHappiness(cap, survey.Roll, writing.Expected, publication.Shares.Count);
            if (await writing.RunAsync(cancel))
            {
                RequireHappiness(cap, survey.Roll, writing.Reached, publication.Shares.Count);
                return;
            }

            tests = writing.Shown;
            survey = await LookAsync(cap.ToReadCap(), forWriting: false, cancel);
            if (survey.Best is null && !IsSingle)
            {
                throw Uncoordinated(cap, survey.Map.HighestSeqnum, publication.Seqnum);
            }

            var found = Decode(survey, cap.ToReadCap());
            if (found.Seqnum != publication.Seqnum || !found.Content.Span.SequenceEqual(content.Span) || round == MaxRounds)
            {
                throw Uncoordinated(cap, found.Seqnum, publication.Seqnum);
            }

            // Ours is the best, and somebody has another one somewhere. If it came by another attempt, that one is brought to all.
            publication = found.RootHash == publication.RootHash ? publication : Remake(survey, cap);
            await RenewLeaseAsync(cap.StorageIndex, cancel);
        }
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
                    new ReadTestWriteRequest([], [new ReadVector(0, SdmfShare.CheckstringLength)]), cancel);
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
