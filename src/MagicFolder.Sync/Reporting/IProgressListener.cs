using MagicFolder.Model.Paths;

namespace MagicFolder.Sync.Reporting;

/// <summary>
/// Is told, on the engine's flow, what happens to single paths and in rounds; it has to be quick, and must not throw. What was started and does not finish is tried again, and started again then.
/// </summary>
public interface IProgressListener
{
    /// <summary>A look at the grid for news of others is done.</summary>
    void PollCompleted();

    /// <summary>A look at the whole directory is done, and what was found is stored.</summary>
    void ScanCompleted();

    /// <summary>A local file is being read.</summary>
    void UploadStarted(RelativePath path);

    /// <summary>Its content is durable on the grid, and recorded.</summary>
    void UploadFinished(RelativePath path);

    /// <summary>The content for this path is being brought.</summary>
    void DownloadStarted(RelativePath path);

    /// <summary>It is in place, durably.</summary>
    void DownloadFinished(RelativePath path);
}
