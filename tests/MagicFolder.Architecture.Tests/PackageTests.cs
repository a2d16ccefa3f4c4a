using System.Text.RegularExpressions;
using System.Xml.Linq;
using MagicFolder.Architecture.Tests.Reading;

namespace MagicFolder.Architecture.Tests;

public sealed partial class PackageTests
{
    [Fact]
    public void EveryPackageVersionIsExact() =>
        XDocument.Load(Repository.PathOf("Directory.Packages.props")).Descendants("PackageVersion")
            .Where(package => !Exact().IsMatch(package.Attribute("Version")?.Value ?? ""))
            .Select(package => package.ToString())
            .ShouldBeEmpty();

    [Theory]
    [InlineData("10.0.14", true)]
    [InlineData("3.0.0-beta.2", true)]
    [InlineData("10.*", false)]
    [InlineData("[1.0,2.0)", false)]
    [InlineData("", false)]
    public void AnExactVersionIsToldFromOthers(string version, bool exact) => Exact().IsMatch(version).ShouldBe(exact);

    [Fact]
    public void NoProjectNamesAVersionOfItsOwn() =>
        Projects()
            .Where(project => XDocument.Load(project).Descendants("PackageReference").Any(package => package.Attribute("Version") is not null || package.Attribute("VersionOverride") is not null))
            .Select(Repository.Relative)
            .ShouldBeEmpty();

    [Fact]
    public void EveryProjectHasALockFile() =>
        Projects().Where(project => !File.Exists(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json"))).Select(Repository.Relative).ShouldBeEmpty();

    [Fact]
    public void EveryProjectIsInTheSolution() =>
        XDocument.Load(Repository.PathOf("MagicFolder.slnx")).Descendants("Project").Select(project => project.Attribute("Path")!.Value).Order(StringComparer.Ordinal)
            .ShouldBe(Projects().Select(Repository.Relative).Order(StringComparer.Ordinal));

    private static IEnumerable<string> Projects() =>
        new[] { "src", "tests", "bench" }.Where(directory => Directory.Exists(Repository.PathOf(directory))).SelectMany(directory => Repository.Files(directory, ".csproj"));

    [GeneratedRegex(@"^\d+(\.\d+){1,3}(-[0-9A-Za-z.-]+)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Exact();
}
