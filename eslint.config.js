import js from '@eslint/js';
import globals from 'globals';
import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';

const spreadLiteral = {
  selector:
    ':matches(SpreadElement, SvelteSpreadAttribute, SpreadElement > TSAsExpression) > :matches(ObjectExpression, ArrayExpression)',
  message: 'What a literal holds is written where the literal is spread.',
};
/** What a test needs it takes from a fixture (`test.extend`), which ends what it begins. */
const filledByHook = {
  selector:
    ':matches(CallExpression[callee.name=/^before(Each|All)$/], CallExpression[callee.property.name=/^before(Each|All)$/]) > ArrowFunctionExpression AssignmentExpression:matches([left.type="Identifier"], [left.type="ObjectPattern"], [left.type="ArrayPattern"])',
  message: 'A hook fills no variable of the file: make it a fixture (test.extend).',
};

/** House style that a linter can hold: see docs/architecture.md. Layers are held by dependency-cruiser. */
export default ts.config(
  { ignores: ['dist/**', 'node_modules/**', '.data/**', 'test/fixtures/**'] },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      globals: { ...globals.node },
      parserOptions: {
        projectService: { allowDefaultProject: ['*.js', '*.mjs', 'build/*.mjs', 'build/*.cjs'] },
        extraFileExtensions: ['.svelte'],
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
      'no-console': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { globals: { ...globals.browser }, parserOptions: { parser: ts.parser } },
  },
  { files: ['renderer/**/*.ts'], languageOptions: { globals: { ...globals.browser } } },
  {
    files: ['backend/**', 'build/**', 'electron/**', 'renderer/**', 'shared/**'],
    rules: { 'no-restricted-syntax': ['error', spreadLiteral] },
  },
  {
    files: ['**/*.test.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    files: ['**/*.test.ts', 'test/**/*.ts'],
    // Vitest reads what a fixture needs off its first parameter: one that needs nothing says so as `{}`.
    rules: { 'no-empty-pattern': ['error', { allowObjectPatternsAsParameters: true }] },
  },
  {
    files: ['test/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', filledByHook] },
  },
  {
    files: ['{backend,build,electron,renderer,shared}/**/*.test.ts'],
    rules: { 'no-restricted-syntax': ['error', spreadLiteral, filledByHook] },
  },
  {
    files: ['build/**', '**/main.ts', '**/cli/**'],
    rules: { 'no-console': 'off' },
  },
  { files: ['**/*.js', '**/*.mjs', '**/*.cjs'], ...ts.configs.disableTypeChecked },
);
