using System.Text.Json;
using MagicFolder.Soak.Oracles;

namespace MagicFolder.Soak.Running;

/// <summary>Former versions can be had: lists those of some paths and brings some of them back beside the folder.</summary>
internal sealed class HistorySample(Places places, Ledger ledger, Random random)
{
    internal int Restored { get; private set; }

    internal async Task CheckAsync(CancellationToken cancel)
    {
        string[] paths = [.. FolderTree.Read(places.Folders[0]).Where(pair => pair.Value is not null && !LogicalNames.IsConflict(pair.Key)).Select(pair => pair.Key)];
        foreach (string path in Pick(paths, 2))
        {
            string[] act = ["--state", places.State, "--as", Places.Names[0]];
            using var history = ProgramRun.Start(places, ["history", path, "--json", .. act]);
            int status = await history.EndAsync(cancel);
            if (status != 0) throw new SoakFailure($"history of {path}: exit status {status}\n{history.Output}{history.Errors}");
            using var listed = JsonDocument.Parse(history.Output);
            string[] versions = [.. listed.RootElement.EnumerateArray().Skip(1).Where(v => v.GetProperty("kind").GetString() == "file").Select(v => v.GetProperty("version").GetString()!)];
            foreach (string version in Pick(versions, 2)) await RestoreAsync(path, version, act, cancel);
        }
    }

    private async Task RestoreAsync(string path, string version, string[] act, CancellationToken cancel)
    {
        string place = Path.Combine(places.Restored, $"{++_next}");
        using var restore = ProgramRun.Start(places, ["restore", path, "--version", version, "--to", place, .. act]);
        int status = await restore.EndAsync(cancel);
        if (status != 0) throw new SoakFailure($"restore {path} --version {version}: exit status {status}\n{restore.Output}{restore.Errors}");
        string[] values = [.. FolderTree.Read(place).Values.OfType<string>()];
        if (values.Length != 1 || !ledger.IsWritten(values[0])) throw new SoakFailure($"restore {path} --version {version} gave {string.Join(", ", values)}, which no user wrote");
        Restored++;
    }

    private int _next;

    private IEnumerable<string> Pick(string[] all, int count)
    {
        for (int i = 0; i < count && all.Length > 0; i++) yield return all[random.Next(all.Length)];
    }
}
