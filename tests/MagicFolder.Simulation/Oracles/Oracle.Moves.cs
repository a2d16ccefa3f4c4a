using MagicFolder.Simulation.Disks;

namespace MagicFolder.Simulation.Oracles;

internal sealed partial class Oracle
{
    /// <summary>
    /// A directory that gets another name takes along what is in it: what a user did to a file in it while the engine was about to rename it, they find done under the new name, and it follows
    /// what stands there (docs/decisions/0020-directories-move-whole.md). At its place of before it has no life of its own.
    /// </summary>
    private void TakeAlong(int participant, Watch watch, DiskCall call)
    {
        TakeAlongWritten(participant, watch, call);
        if (!watch.InRound || call.To is not { IsReserved: false } target || call.Path.IsReserved || _folders[participant].Find(target) is not { IsDirectory: true }) return;
        string from = call.Path + "/", to = target + "/";
        foreach (var (place, made) in watch.Last.Where(last => last.Value.Id >= watch.RoundStart && last.Key.StartsWith(from, StringComparison.Ordinal)).OrderBy(last => last.Key, StringComparer.Ordinal).ToList())
        {
            made.Weak = true;
            string there = to + place[from.Length..];
            Record(participant, there, VisibleTree.Logical(there), watch.RoundView.GetValueOrDefault(place), made.Value, limbo: false);
        }
    }

    /// <summary>A file that gets another name, by what somebody did whose news could have come here, goes by way of the stage. What is written to it there is written to what has the new name.</summary>
    private void TakeAlongWritten(int participant, Watch watch, DiskCall call)
    {
        if (call.To is not { IsReserved: false } target || _folders[participant].Find(target) is not { IsDirectory: false } file || !watch.Late.Remove(file, out var late)) return;
        string there = target.ToString(), logical = VisibleTree.Logical(there);
        if (late.Written.Exists(made => made.Logical == logical) || !At(logical).Exists(made => made.Value == late.Had && watch.Known.Contains(made))) return;
        foreach (var made in late.Written) made.Weak = true;
        Record(participant, there, logical, late.Had, VisibleTree.ValueOf(file), limbo: false);
    }
}
