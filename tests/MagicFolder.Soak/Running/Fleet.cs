using MagicFolder.Daemon.Api;

namespace MagicFolder.Soak.Running;

/// <summary>All daemons of one folder.</summary>
internal sealed class Fleet : IDisposable
{
    private static readonly TimeSpan RestPatience = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(300);

    private readonly Places _places;

    internal Fleet(Places places)
    {
        _places = places;
        All = [.. Enumerable.Range(0, places.Folders.Count).Select(i => new SoakDaemon(places, i))];
    }

    internal IReadOnlyList<SoakDaemon> All { get; }

    /// <summary>From nothing to all in one folder.</summary>
    internal async Task FoundAsync(CancellationToken cancel)
    {
        foreach (var daemon in All) await daemon.InitializeAsync(cancel);
        foreach (var daemon in All) daemon.Start();
        await All[0].AddAsync(_places.Folders[0], cancel);
        foreach (int i in Enumerable.Range(1, All.Count - 1)) await All[i].JoinAsync(await All[0].InviteAsync(All[i].Name, cancel), _places.Folders[i], cancel);
        await RestAsync(cancel);
    }

    internal void StartAll()
    {
        foreach (var daemon in All.Where(daemon => daemon.Run is null)) daemon.Start();
    }

    internal async Task StopAllAsync(CancellationToken cancel)
    {
        foreach (var daemon in All) await daemon.StopAsync(cancel);
    }

    /// <summary>Waits until all have looked at everything and each says that it is in sync and that all others have the same.</summary>
    /// <exception cref="SoakFailure">They do not come to rest.</exception>
    internal async Task RestAsync(CancellationToken cancel)
    {
        long start = TimeProvider.System.GetTimestamp();
        string former = "";
        while (true)
        {
            string? trouble = null;
            foreach (var daemon in All)
            {
                // What was held is let go even where that waits for another look.
                if (await daemon.StandingAsync(cancel) is { Reason: { } reason } && reason.Contains("deletion guard", StringComparison.Ordinal)) await daemon.ConfirmAsync(cancel);
                trouble ??= await daemon.ScanAsync(cancel);
            }
            var standings = new List<FolderDocument?>();
            foreach (var daemon in All) standings.Add(await daemon.StandingAsync(cancel));
            string now = string.Join(';', standings.Select(standing => string.Join(',', standing?.Participants.Select(participant => participant.Seq) ?? [])));
            if (trouble is null && standings.TrueForAll(IsAtRest) && now == former) return;
            former = now;
            if (TimeProvider.System.GetElapsedTime(start) > RestPatience)
                throw new SoakFailure($"they do not come to rest: {trouble}\n{string.Join('\n', All.Zip(standings, Describe))}");
            await Task.Delay(Look, cancel);
        }
    }

    public void Dispose()
    {
        foreach (var daemon in All) daemon.Dispose();
    }

    private bool IsAtRest(FolderDocument? standing) =>
        standing is { State: "in-sync", Problems.Count: 0, Uploads: 0, Downloads: 0 } && standing.Participants.Count == All.Count && standing.Participants.All(participant => participant.InSync);

    private static string Describe(SoakDaemon daemon, FolderDocument? standing) => standing is null ? $"{daemon.Name}: no folder"
        : $"{daemon.Name}: {standing.State} {standing.Reason}, {standing.Files} files, {standing.Downloads} wait, problems {{{string.Join(", ", standing.Problems)}}}, "
            + string.Join(", ", standing.Participants.Select(participant => $"{participant.Name} {participant.Seq}{(participant.InSync ? "" : " differs")}"));
}
