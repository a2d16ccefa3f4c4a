using MagicFolder.Architecture.Tests.Reading;

namespace MagicFolder.Architecture.Tests;

/// <summary>Inside a room, the folders do not go in circles either. A folder and the one around it count as one: the outer composes what the inner ones do.</summary>
public sealed class NamespaceTests
{
    /// <summary>A circle that is known: the secrets of Hashing are derived from caps, and caps from hashes. Whoever breaks it takes the line away.</summary>
    private static readonly string[] CircularSoFar = ["MagicFolder.Tahoe.Capabilities", "MagicFolder.Tahoe.Hashing"];

    [Fact]
    public void NamespacesOfARoomDoNotGoInCircles() => NamespaceGraph.Of(Repository.Files("src", ".cs").Select(File.ReadAllText)).InCircles().ShouldBe(CircularSoFar);

    [Fact]
    public void ACircleOfThreeIsFound()
    {
        var graph = NamespaceGraph.Of(
        [
            "using MagicFolder.R.B;\nnamespace MagicFolder.R.A;",
            "using MagicFolder.R.C;\nnamespace MagicFolder.R.B;",
            "using MagicFolder.R.A;\nnamespace MagicFolder.R.C;",
            "using MagicFolder.R.A;\nnamespace MagicFolder.R.D;",
        ]);

        graph.InCircles().ShouldBe(["MagicFolder.R.A", "MagicFolder.R.B", "MagicFolder.R.C"]);
    }

    [Fact]
    public void AFolderAndTheOneAroundItAreNoCircle() =>
        NamespaceGraph.Of(["using MagicFolder.R.A;\nnamespace MagicFolder.R;", "using MagicFolder.R;\nnamespace MagicFolder.R.A;"]).InCircles().ShouldBeEmpty();
}
