namespace MagicFolder.FileSystem.Tests;

/// <summary>A directory of its own, gone at the end.</summary>
public sealed class TempFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("magic-folder-tests-").FullName;

    public string At(string relative) => Path.Combine(Root, relative);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
