namespace MagicFolder.Daemon.Api;

/// <summary>Whether all is well, in numbers alone.</summary>
internal static class HealthView
{
    internal static HealthDocument Of(StatusDocument status)
    {
        var reasons = new List<string>();
        int stopped = status.Folders.Count(folder => folder.State == StatusView.Stopped);
        if (stopped > 0) reasons.Add($"{stopped} of {status.Folders.Count} folders cannot go on.");
        var grid = status.Grid;
        if (grid.Connected < grid.Happy) reasons.Add($"{grid.Connected} of {grid.Desired} directories of the grid can be used, {grid.Happy} are needed.");
        return new HealthDocument(reasons.Count == 0, reasons);
    }
}
